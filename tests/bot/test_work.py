"""What people say who look for work is no alarm: the words of it, in every language, and that nobody hires them."""

from __future__ import annotations

import pytest

from bot.lexicon import Is, plain
from bot.lookout import alarm_by_phrase
from bot.matching import Matcher
from bot.messages import Inbound, Kind, Urn
from bot.understanding import understand
from tests.bot.test_opinion import OPEN

WORK = {
    "nl": "aanwerven|sollicitatie|contract|ontslag|loon|baas|magazijn|poetsen|bouw|heftruck|chauffeur|verzorgende|"
    "uitkering|werkloos|taalcursus|diploma|stage|voltijds|nachtploeg|interim|slager|kapper|lasser|metser|dakwerker",
    "fr": "embauche|entretien|contrat|licencié|salaire|patron|entrepôt|nettoyage|chantier|cariste|aide-soignante|"
    "allocations|chômage|cours de langue|diplôme|stage|temps plein|équipe de nuit|boucher|coiffeur|soudeur|couvreur",
    "en": "hire|interview|contract|laid off|wage|boss|warehouse|cleaning|construction|forklift|carer|benefits|"
    "unemployed|language course|internship|full time|night shift|temp work|butcher|hairdresser|welder|roofer",
    "tr": "işe alım|mülakat|sözleşme|işten çıkarıldım|maaş|patron|depo|temizlik|inşaat|forklift|şoför|bakıcı|işsizlik|"
    "işsiz|dil kursu|staj|tam gün|gece vardiyası|kasap|kuaför|kaynakçı|çatı ustası",
    "uk": "найм|співбесіда|договір|звільнили|зарплата|начальник|склад|прибирання|будівництво|навантажувач|водій|"
    "доглядальниця|допомога|безробітний|мовні курси|стажування|повний день|нічна зміна|м'ясник|перукар|зварник",
    "ru": "найм|собеседование|договор|уволили|зарплата|начальник|склад|уборка|стройка|погрузчик|водитель|сиделка|"
    "пособие|безработный|языковые курсы|стажировка|полный день|ночная смена|мясник|парикмахер|сварщик|кровельщик",
    "pl": "zatrudnić|zatrudnienie|szukam zatrudnienia|nikt mnie nie zatrudni|byłem zatrudniony|umowa o pracę|zwolnili|"
    "rozmowa kwalifikacyjna|pensja|szef|magazyn|sprzątanie|budowa|wózek widłowy|opiekunka|zasiłek|bezrobotny|staż",
    "ro": "angajare|interviu|contract|concediat|salariu|sef|depozit|curatenie|santier|stivuitor|sofer|ingrijitoare|"
    "ajutor social|somer|curs de limba|stagiu|norma intreaga|tura de noapte|macelar|frizer|sudor",
    "es": "contratar|entrevista|contrato|despedido|sueldo|jefe|almacen|limpieza|construccion|carretilla|cuidadora|paro|"
    "desempleado|curso de idioma|practicas|jornada completa|turno de noche|carnicero|peluquero|soldador",
    "ar": "توظيف|مقابلة عمل|عقد|راتب|المعلم|مستودع|تنظيف|ورشة بناء|رافعة شوكية|شوفير|رعاية مسنين|تعويضات|عاطل|دورة لغة|"
    "شهادة|تدريب|دوام كامل|دوام ليلي|لحام|حلاق|جزار",
}
LOOKING = {
    "nl": "ik zoek werk als",
    "fr": "je cherche",
    "en": "i am looking for",
    "tr": "iş arıyorum",
    "uk": "шукаю роботу",
    "ru": "ищу работу",
    "pl": "szukam pracy",
    "ro": "caut de lucru",
    "es": "busco trabajo de",
    "ar": "بدور على شغل",
}


@pytest.mark.parametrize("language", WORK)
def test_words_of_work_are_no_alarm(matcher: Matcher, language: str) -> None:
    said = [text for word in WORK[language].split("|") for text in (word, f"{LOOKING[language]} {word}")]
    readings = [(text, matcher.read(plain(text), language)) for text in said]
    assert [text for text, reading in readings if alarm_by_phrase(text, reading, matcher)] == []


REJECTED = {
    "nl": "niemand neemt mij aan",
    "fr": "personne ne m'embauche",
    "en": "nobody hires me",
    "es": "nadie me contrata",
    "tr": "kimse iş vermiyor",
    "uk": "ніхто не наймає",
    "ru": "никто не нанимает",
    "pl": "nikt mnie nie zatrudni",
    "ro": "nimeni nu ma angajeaza",
    "ar": "ما حدا بيشغلني",
}
IN_DESPAIR = {
    "nl": "ik wil niet meer leven",
    "fr": "je veux mourir",
    "en": "i want to die",
    "es": "no quiero vivir",
    "tr": "yaşamak istemiyorum",
    "uk": "не хочу жити",
    "ru": "не хочу жить",
    "pl": "nie chcę żyć",
    "ro": "nu mai vreau sa traiesc",
    "ar": "بدي موت",
}


@pytest.mark.parametrize("language", REJECTED)
def test_who_is_hired_by_nobody_is_not_in_danger_unless_it_is_said(matcher: Matcher, language: str) -> None:
    texts = (REJECTED[language], f"{REJECTED[language]}, {IN_DESPAIR[language]}")
    inbound = [Inbound("sms", "1", "1", Urn("tel", "+32470000001"), Kind.TEXT, text) for text in texts]
    names = [understand(message, OPEN, matcher, language).name for message in inbound]
    assert (names[0] in (Is.DANGER, Is.DISTRESS), names[1]) == (False, Is.DISTRESS)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "mi tía vive en Gante"),
        ("es", "voy en la bici"),
        ("ar", "kayn bzaf d l mtar lyoum"),
        ("ar", "el matar wa2af"),
        ("ro", "repetati va rog ultimul mesaj"),
        ("fr", "je prends une mitraillette sauce andalouse"),
        ("pl", "czekam na pętli tramwajowej"),
        ("en", "we sleep in the living room"),
        ("en", "shut up bot"),
    ],
)
def test_a_word_that_alarms_in_another_language_or_sense_does_not(matcher: Matcher, language: str, text: str) -> None:
    assert alarm_by_phrase(text, matcher.read(plain(text), language), matcher) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "mijn vrouw heeft een TIA"),
        ("pl", "jesteśmy bici w domu"),
        ("es", "lo voy a matar"),
        ("fr", "il tire avec une mitraillette"),
        ("fr", "un serpent m'a mordu"),
        ("en", "he hit me in the living room"),
    ],
)
def test_where_it_alarms_it_still_does(matcher: Matcher, language: str, text: str) -> None:
    assert alarm_by_phrase(text, matcher.read(plain(text), language), matcher)
