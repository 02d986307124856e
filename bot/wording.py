"""A prompt in a language and a mode → the words that a person gets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import gaps
from bot.catalogues import N_, SOURCE, Catalogues, direction
from bot.content import ROOT
from bot.flow import HUMAN_KEY, SKIP_KEY, Option, Step, StepKind, Words
from bot.lexicon import Is
from bot.meaning import Question
from bot.messages import Choice, Mode, Next, Said
from bot.safety import ALARMS
from bot.session import Prompt, Scene, Session, State
from bot.steps import DONE_OPTION, MENU_OPTION, NO_OPTION, options, page_of
from bot.understanding import LONGEST_NAME, MORE_KEY

TEMPLATES = ROOT / "templates" / "prompts"
DIGITS = {StepKind.POSTCODE: 4, StepKind.PHONE: 0}
"""Key presses that a question waits for; 0 is as many as come."""

LONGEST_VALUE = {Mode.TEXT: 60, Mode.CHAT: 200, Mode.VOICE: 60}
"""Characters of an answer in free words when it is read back: a channel has room for all answers together."""

DONE_AFTER_MORE = "5"
YES_NO = frozenset({"yes", "no"})

OWN_MESSAGE = frozenset({"hello", "proposal"})
"""Said in a message of their own; every other note goes before its question in one message."""

APART = frozenset({"nobody_now", "nobody_alarm"})
"""Said in a message of their own, after what was said before: nothing stands between it and the numbers that help."""

WITH_MENU = frozenset({"human", "human_again", "human_later", "human_soon", "done_again"})
"""Messages that offer to go on with the questions: in a chat with a button."""

_AS_OFFERED = frozenset({StepKind.CORRECT, StepKind.ERRAND})
"""Questions whose choices are other ones each time: a key is the place in what is offered now."""

_ABOUT = frozenset({StepKind.ERRAND, StepKind.ELSEWHERE})
"""Questions whose words have gaps for what they are about."""

JOIN = {Mode.TEXT: "\n", Mode.CHAT: "\n\n"}


DONE_LABEL = N_("dat is alles")
HUMAN_LABEL = N_("een mens")
SKIP_LABEL = N_("sla over")
MENU_LABEL = N_("verder met de vragen")
YES_LABEL = N_("ja")
NO_LABEL = N_("nee")
OR = N_("of")
NOT_SAID = N_("niet gezegd")
NOT_SHOWN = N_("gezegd, hier niet getoond")


@dataclass(frozen=True, slots=True)
class Context:
    """What fills the gaps of a text: the helplines that fit now, and the words of a person who answers."""

    lines: Mapping[Is, tuple[str, ...]]
    text: str = ""


class Wording:
    """Words for prompts. One for the whole process; holds no state of a conversation."""

    def __init__(
        self, catalogues: Catalogues, letters: Mapping[str, Mapping[int, str]], directory: Path = TEMPLATES
    ) -> None:
        self._catalogues = catalogues
        self._letters = letters  # per language: those that an SMS does without
        self._elsewhere: dict[tuple[str, ...], Mapping[str, str]] = {}
        environment = Environment(
            loader=FileSystemLoader(directory),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - plain text; each channel escapes for its own format
            trim_blocks=False,
        )
        environment.filters["first_upper"] = first_upper
        self._layouts = {mode: environment.get_template(f"{mode.value}.txt") for mode in Mode}

    # Words

    def words(self, words: Words, mode: Mode, language: str, context: str) -> str:
        """The words of one thing of the flow; ``context`` is its name there."""
        if words.verbatim:
            return words.of(mode)
        return self._catalogues.text(language, words.of(mode), f"{context}/{words.mode_of(mode).value}")

    def text(self, language: str, message: str) -> str:
        """A text of the program itself."""
        return self._catalogues.text(language, message)

    def label(self, option: Option, step: Step, mode: Mode, language: str) -> str:
        """What a choice is called. The choices of a correction are the titles of the questions."""
        if option.source:
            return self.words(option.label, mode, language, option.source)
        source = option.id if step.kind is StepKind.CORRECT else f"{step.id}/{option.id}"
        kind = "title" if step.kind is StepKind.CORRECT else "choice"
        return self.words(option.label, mode, language, f"{kind}/{source}")

    # Choices and the question that stands open

    def choices(self, scene: Scene, session: Session) -> tuple[Choice, ...]:
        """The choices of the open question with the key each has in this mode. In a call: those of the page spoken."""
        step = scene.flow.steps[session.step]
        if session.doubt and scene.mode is not Mode.TEXT:
            return self._asked_back(step, scene, session)
        shown, _ = page_of(scene, session)
        offered = shown if scene.voice else options(scene, session)
        keyed = self._keys(step, offered, scene)
        rows = [self._choice(option, key, step, scene, session) for option, key in keyed]
        if session.picked:
            done = self.text(session.language, DONE_LABEL)
            rows.append(Choice(DONE_OPTION, _done_key(scene, session), done, _payload(session, DONE_OPTION)))
        return tuple(rows)

    def _asked_back(self, step: Step, scene: Scene, session: Session) -> tuple[Choice, ...]:
        """Yes and no, where an SMS keeps the choices of the question: a call by keys, a chat by buttons."""
        keys = ("1", "2") if scene.voice else ("", "")
        rows = ((session.doubt, YES_LABEL), (NO_OPTION, NO_LABEL))
        return tuple(
            Choice(id_, key, self.text(session.language, label), _payload(session, id_))
            for (id_, label), key in zip(rows, keys, strict=True)
        )

    def _keys(self, step: Step, offered: Sequence[Option], scene: Scene) -> list[tuple[Option, str]]:
        """Keys are the place in the list; a choice keeps its key while others are picked away in writing."""
        everything = [o for o in step.options if scene.mode in o.modes] or list(offered)
        base = list(offered) if scene.voice or step.kind in _AS_OFFERED else everything
        return [(option, str(base.index(option) + 1)) for option in offered]

    def _choice(self, option: Option, key: str, step: Step, scene: Scene, session: Session) -> Choice:
        label = self._called(option, step, scene, session)
        also = self._called_elsewhere(option, step, scene.mode, session.language)
        return Choice(option.id, key, label, _payload(session, option.id), option.span, also)

    def _called_elsewhere(self, option: Option, step: Step, mode: Mode, language: str) -> Mapping[str, str]:
        """What a choice is called in the languages that are not spoken here."""
        if option.label.verbatim or option.starts_at is not None:
            return {}
        key = (option.source or step.id, option.id, option.label.of(mode), mode, language)
        if key not in self._elsewhere:
            others = [code for code in self._catalogues.languages if code != language]
            self._elsewhere[key] = {code: self.label(option, step, mode, code) for code in others}
        return self._elsewhere[key]

    def _called(self, option: Option, step: Step, scene: Scene, session: Session) -> str:
        """What a choice is called here; a time is named anew in each language."""
        if option.starts_at is None:
            return self.label(option, step, scene.mode, session.language)
        town = gaps.town(scene, option.office)
        return gaps.choice_of_time(option.starts_at, town, scene.mode, session.language)

    def question(self, scene: Scene, session: Session | None) -> Question:
        """What an answer is understood against."""
        if session is None:
            return Question(StepKind.LANGUAGE, scene.mode)
        if session.state is not State.ASKING:
            menu = (Choice(MENU_OPTION, "1", self.text(session.language, MENU_LABEL)),) if scene.voice else ()
            return Question(None, scene.mode, menu)
        _, more = page_of(scene, session)
        every = self.choices(scene, session)
        kind = scene.flow.steps[session.step].kind
        again, year = session.failures > 0, scene.today.year
        return Question(kind, scene.mode, every, more, session.doubt, session.step, again, year)

    # Prompts

    def say(self, prompts: Iterable[Prompt], scene: Scene, session: Session, context: Context) -> tuple[Said, ...]:
        """The words of a turn, in the messages that carry them."""
        told = [(prompt, _heard_in(session, prompt, scene)) for prompt in prompts]
        said = [part for prompt, heard in told for part in self._prompt(prompt, scene, heard, context)]
        if scene.voice:
            return tuple(said)
        return tuple(self._spelled(part, scene.mode) for part in _joined(said, scene.mode))

    def _spelled(self, said: Said, mode: Mode) -> Said:
        text = self.spelled(said.text, mode, said.language)
        if mode is not Mode.TEXT:
            return replace(said, text=text)
        letters = self.letters(said.language)
        choices = tuple(replace(choice, label=choice.label.translate(letters)) for choice in said.choices)
        return replace(said, text=text, choices=choices)

    def spelled(self, text: str, mode: Mode, language: str) -> str:
        """A text as it is written: an SMS without the letters that would double its price, where readers accept it."""
        if mode is not Mode.VOICE and direction(language) == "rtl":
            return _from_right(text)
        return text.translate(self.letters(language)) if mode is Mode.TEXT else text

    def letters(self, *languages: str) -> Mapping[int, str]:
        """Letters that an SMS in these languages does without, and what stands for each; the first language decides."""
        return {letter: to for code in reversed(languages) for letter, to in self._letters.get(code, {}).items()}

    def _prompt(self, prompt: Prompt, scene: Scene, session: Session, context: Context) -> list[Said]:
        if prompt.message == "confirm":
            return [self._confirm(prompt, scene, session)]
        if prompt.message:
            return [self._message(prompt, scene, session, context)]
        step = scene.flow.steps[prompt.step]
        if step.kind is StepKind.LANGUAGE and scene.voice:
            return self._languages(scene, session, prompt)
        return [self._question(prompt, step, scene, session)]

    def _confirm(self, prompt: Prompt, scene: Scene, session: Session) -> Said:
        step = scene.flow.steps[session.step]
        option = next(option for option in options(scene, session) if option.id == session.doubt)
        words = self.words(scene.flow.messages["confirm"], scene.mode, session.language, "message/confirm")
        keys = {o.id: key for o, key in self._keys(step, options(scene, session), scene)}
        asked = words.format(key=keys[option.id], choice=self._called(option, step, scene, session))
        choices = self.choices(scene, session)
        body = self._render(asked, choices, scene, session) if scene.voice else asked
        return Said(body, session.language, step.id, choices, Next.ASK)

    def _render(self, asked: str, choices: Sequence[Choice], scene: Scene, session: Session, **offered: bool) -> str:
        """A question as its mode lays it out; ``offered``: more choices, skipping, a person."""
        shown = {"more": False, "skip": False, "human": False, **offered}
        return (
            self._layouts[scene.mode]
            .render(ask=asked, choices=choices, _=lambda message: self.text(session.language, message), **shown)
            .strip()
        )

    def _message(self, prompt: Prompt, scene: Scene, session: Session, context: Context) -> Said:
        words = scene.flow.messages[prompt.message]
        text = self.words(words, scene.mode, session.language, f"message/{prompt.message}")
        filled = text.format(
            name=short(" ".join(session.answers.get("name", ())), LONGEST_NAME),
            lines=self._lines(prompt.lines or prompt.message, context, scene.mode, session.language),
            text=context.text,
            **gaps.of_prompt(self, prompt, scene, session),
        )
        choices = self._buttons(prompt, scene, session)
        return Said(filled, session.language, prompt.message, choices, prompt.next, slow=prompt.slow)

    def _buttons(self, prompt: Prompt, scene: Scene, session: Session) -> tuple[Choice, ...]:
        if scene.mode is not Mode.CHAT or prompt.message not in WITH_MENU:
            return ()
        label = self.text(session.language, MENU_LABEL)
        return (Choice(f"!{Is.MENU}", "", label, _payload(session, f"!{Is.MENU}")),)

    def _lines(self, alarm: str, context: Context, mode: Mode, language: str) -> str:
        if alarm not in ALARMS:
            return ""
        lines = context.lines.get(Is(alarm), ())
        spoken = [gaps.number_in(line, mode, language) for line in lines]
        return f" {self.text(language, OR)} ".join(spoken)

    def _question(self, prompt: Prompt, step: Step, scene: Scene, session: Session) -> Said:
        choices = self.choices(scene, session)
        _, more = page_of(scene, session)
        asked = self._asked(prompt, step, scene, session)
        full = step.kind is StepKind.LANGUAGE and scene.mode is Mode.TEXT  # the greeting before it names 0
        human = not _offers_human(step) and not full
        body = self._render(asked, choices, scene, session, more=more, skip=_skips(step, session), human=human)
        buttons = (*choices, *self._extras(step, session)) if scene.mode is Mode.CHAT else choices
        digits = DIGITS.get(step.kind, 1)
        return Said(body, session.language, step.id, buttons, Next.ASK, digits, prompt.slow)

    def _asked(self, prompt: Prompt, step: Step, scene: Scene, session: Session) -> str:
        words, name = _which(step, session, again=prompt.again)
        text = self.words(words, scene.mode, session.language, f"{name}/{step.id}")
        if step.kind is StepKind.REVIEW:
            return text.format(answers=self._read_back(scene, session))
        if step.kind in _ABOUT:
            return text.format(**gaps.of_step(self, step.id, scene, session))
        return text

    def _extras(self, step: Step, session: Session) -> list[Choice]:
        human = Choice(
            f"!{Is.HUMAN}",
            HUMAN_KEY,
            self.text(session.language, HUMAN_LABEL),
            _payload(session, f"!{Is.HUMAN}"),
        )
        skip = Choice(
            f"!{Is.SKIP}", SKIP_KEY, self.text(session.language, SKIP_LABEL), _payload(session, f"!{Is.SKIP}")
        )
        if _offers_human(step):
            return [skip] if _skips(step, session) else []
        if not _skips(step, session):
            return [human]
        return [skip, human]

    def _languages(self, scene: Scene, session: Session, prompt: Prompt) -> list[Said]:
        """The language question of a call: each language offers itself, in its own voice."""
        asked = self._asked(prompt, scene.flow.steps[prompt.step], scene, session)
        said = [Said(asked, session.language, prompt.step, slow=prompt.slow)]
        for choice in self.choices(scene, session):
            offer = self.text(choice.id, N_("{option}: druk {key}."))
            text = offer.format(option=first_upper(choice.label), key=choice.key)
            said.append(Said(text, choice.id, prompt.step, (choice,), slow=prompt.slow))
        if page_of(scene, session)[1]:
            more = self.text(session.language, N_("Andere antwoorden: druk {key}.")).format(key=4)
            said.append(Said(more, session.language, prompt.step, slow=prompt.slow))
        return said

    # Reading back

    def _read_back(self, scene: Scene, session: Session) -> str:
        steps = scene.flow.answered(session.answers, scene.facts)
        rows = [(step, self.answer(step, session.answers[step.id], scene.mode, session.language)) for step in steps]
        if scene.mode is Mode.TEXT:
            given = [(step, value) for step, value in rows if session.answers[step.id]]
            return ", ".join(self._with_question(step, value, scene, session) for step, value in given)
        titled = [(self._title(step, scene.mode, session.language), value) for step, value in rows]
        if scene.mode is Mode.VOICE:
            return ". ".join(f"{first_upper(title)}: {value}" for title, value in titled)
        return "\n".join(f"• {first_upper(title)}: {value}" for title, value in titled)

    def _with_question(self, step: Step, value: str, scene: Scene, session: Session) -> str:
        """A yes or a no means nothing without its question; the other answers speak for themselves."""
        if not YES_NO & set(session.answers[step.id]):
            return value
        return f"{self._title(step, scene.mode, session.language)}: {value}"

    def _title(self, step: Step, mode: Mode, language: str) -> str:
        return self.words(step.title, mode, language, f"title/{step.id}") if step.title else step.id

    def answer(self, step: Step, values: Sequence[str], mode: Mode, language: str, *, all_: bool = False) -> str:
        """An answer in words. Over a chat app a sensitive one is not sent back; ``all_`` is for counsellors."""
        if not values:
            return self.text(language, NOT_SAID)
        chosen = [step.option(value) for value in values]
        hide = mode is Mode.CHAT and not all_
        if hide and (step.sensitive or any(option and option.sensitive for option in chosen)):
            return self.text(language, NOT_SHOWN)
        most = len(max(values, key=len)) if all_ else LONGEST_VALUE[mode]
        labels = [
            self.label(option, step, mode, language) if option else short(value, most)
            for option, value in zip(chosen, values, strict=True)
        ]
        if mode is Mode.VOICE and step.kind in DIGITS:
            labels = [gaps.digit_by_digit(label) for label in labels]
        return " + ".join(labels) if mode is Mode.TEXT else ", ".join(labels)

    def title(self, step: Step, language: str) -> str:
        """What a question is called on a counsellor's page."""
        return first_upper(self._title(step, Mode.TEXT, language))


def _heard_in(session: Session, prompt: Prompt, scene: Scene) -> Session:
    """The session in the language that a prompt is said in: no language is spoken in the voice of another."""
    if prompt.language:
        return replace(session, language=prompt.language)
    if scene.voice and session.language in scene.flow.prepared:
        return replace(session, language=SOURCE)
    return session


def _which(step: Step, session: Session, *, again: bool) -> tuple[Words, str]:
    """The words that a question is asked in now, and their name in the flow."""
    if session.picked and step.more is not None:
        return step.more, "more"
    if again and step.again is not step.ask:
        return step.again, "again"
    return step.ask, "ask"


def _skips(step: Step, session: Session) -> bool:
    """Whether skipping is offered beside the choices: not where a choice says as much."""
    return step.skip and not session.picked and not any(option.declines for option in step.options)


def _offers_human(step: Step) -> bool:
    """Whether a person is among the choices; those of the language question are languages."""
    return step.kind is not StepKind.LANGUAGE and any(option.human for option in step.options)


def short(text: str, most: int) -> str:
    """At most ``most`` characters, with dots where something was left out."""
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def first_upper(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


RIGHT_TO_LEFT_MARK = "\u200f"
_RIGHT = frozenset({"R", "AL"})


def _from_right(text: str) -> str:
    """A line with words from right to left runs from the right, also when it begins with a name in our letters."""
    return "\n".join(RIGHT_TO_LEFT_MARK + line if _begins_left(line) else line for line in text.split("\n"))


def _begins_left(line: str) -> bool:
    strong = [kind for kind in map(unicodedata.bidirectional, line) if kind == "L" or kind in _RIGHT]
    return bool(strong) and strong[0] == "L" and not _RIGHT.isdisjoint(strong)


def _payload(session: Session, choice: str) -> str:
    """What a button carries: which run, which question, which answer, so that an old one still means what it meant."""
    return f"{session.run}:{session.step}:{choice}"


def _done_key(scene: Scene, session: Session) -> str:
    """The key after the last choice that is spoken; in writing the one that also skips."""
    _, more = page_of(scene, session)
    return SKIP_KEY if not scene.voice else DONE_AFTER_MORE if more else MORE_KEY


def _joined(said: Iterable[Said], mode: Mode) -> Iterable[Said]:
    """Notes go before the question in one message: it costs less and cannot arrive in the wrong order."""
    note: Said | None = None
    for part in said:
        if part.step in APART and note is not None:
            yield note
            note = None
        whole = part if note is None else replace(part, text=JOIN[mode].join((note.text, part.text)))
        note = None
        if part.step in OWN_MESSAGE | APART:
            yield whole
        else:
            note = whole
    if note is not None:
        yield note
