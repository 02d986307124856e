"""The organisation's identity service over OpenID Connect: authorization code with PKCE, state and nonce.

The protocol is Authlib's (OAuth 2.0) and joserfc's (signed tokens). Nothing of theirs, nor any word of the service's
answer, gets further than this file: in the log stands only what kind of thing was wrong.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from bot.config import Settings
from bot.identity import Declined, Handshake, IdentityError, Person, Refused, Stale, Unreachable

PATIENCE = (4, 8)
"""Seconds to connect, and to wait for an answer."""

KEPT = timedelta(hours=1)
"""How long the service's description and keys are good before they are asked for anew."""

AGAIN_AFTER = timedelta(minutes=1)
"""For a key that we do not know the keys are asked for anew, but not more often than this."""

LEEWAY = 60
"""Seconds by which two clocks may differ."""

SCOPE = "openid email"
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the service can make. Never ``none``, and never one with the secret that we know too."""

BACK = "/console/sso/back"
WELL_KNOWN = "/.well-known/openid-configuration"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONG = 48

log = structlog.get_logger("openid")


@dataclass(slots=True)
class _Known:
    """What the service says of itself."""

    about: Mapping[str, Any]
    keys: KeySet
    at: datetime


class OpenId:
    """One identity service. Raises nothing when made: it is asked only when somebody wants to log in."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        back: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._issuer, self._client_id, self._client_secret = issuer, client_id, client_secret
        self._back, self._now = back, now
        self._known: _Known | None = None

    def begin(self) -> tuple[str, Handshake]:
        """The address to send a browser to. Raises Unreachable, Refused."""
        handshake = Handshake(generate_token(LONG), generate_token(LONG), generate_token(LONG))
        about = self._ask().about
        with self._session(about) as session:
            address, _ = session.create_authorization_url(
                about["authorization_endpoint"],
                state=handshake.state,
                nonce=handshake.nonce,
                code_verifier=handshake.verifier,
            )
        return str(address), handshake

    def finish(self, handshake: Handshake, answer: Mapping[str, str]) -> Person:
        """Who came back. Raises IdentityError."""
        try:
            return self._person(handshake, answer)
        except IdentityError as error:
            log.warning("identity_not_proven", kind=type(error).__name__, reason=str(error))
            raise

    def _person(self, handshake: Handshake, answer: Mapping[str, str]) -> Person:
        if answer.get("error"):
            raise Declined("error")
        if not hmac.compare_digest(answer.get("state", "").encode(), handshake.state.encode()):
            raise Stale("state")
        if answer.get("iss", self._issuer) != self._issuer:
            raise Refused("issuer of the answer")
        token = self._token(handshake, answer.get("code", ""))
        claims = self._claims(str(token.get("id_token", "")), handshake.nonce)
        return Person(self._issuer, str(claims["sub"]), self._email(claims, token))

    def _token(self, handshake: Handshake, code: str) -> Mapping[str, Any]:
        about = self._ask().about
        try:
            with self._session(about) as session:
                token: Mapping[str, Any] = session.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=handshake.verifier, timeout=PATIENCE
                )
        except requests.RequestException as error:
            raise Unreachable("token") from error
        except (OAuthError, ValueError) as error:
            raise Refused("code") from error
        return token

    def _claims(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        """What a token says, once its signature and all that it is for are right."""
        try:
            claims = self._signed(id_token)
            self._registry(nonce).validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise Refused(type(error).__name__) from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self._client_id) != self._client_id:
            raise Refused("azp")
        return claims

    def _signed(self, id_token: str) -> dict[str, Any]:
        """The claims, if one of the service's keys signed them: one that is new may have come since we asked."""
        known = self._ask()
        try:
            return jwt.decode(id_token, known.keys, algorithms=SIGNATURES).claims
        except (JoseError, ValueError):
            if self._now() - known.at < AGAIN_AFTER:
                raise
        return jwt.decode(id_token, self._renewed().keys, algorithms=SIGNATURES).claims

    def _registry(self, nonce: str) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )

    def _email(self, claims: Mapping[str, Any], token: Mapping[str, Any]) -> str:
        """The address that the service verified; many services tell it only where one asks about the person."""
        told = claims if "email" in claims else self._about_person(claims, token)
        return str(told.get("email", "")) if told.get("email_verified") is True else ""

    def _about_person(self, claims: Mapping[str, Any], token: Mapping[str, Any]) -> Mapping[str, Any]:
        address, access = self._ask().about.get("userinfo_endpoint"), token.get("access_token")
        if not address or not access or not self._safe(str(address)):
            return {}
        told = self._get(str(address), {"Authorization": f"Bearer {access}"})
        return told if told.get("sub") == claims["sub"] else {}

    def _session(self, about: Mapping[str, Any]) -> Any:
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        by_post = "client_secret_basic" not in ways and "client_secret_post" in ways
        return OAuth2Session(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=self._back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post" if by_post else "client_secret_basic",
        )

    def _ask(self) -> _Known:
        """What the service says of itself: kept for a while, and longer while it does not answer."""
        known = self._known
        if known is None or self._now() - known.at >= KEPT:
            try:
                return self._renewed()
            except Unreachable:
                if known is None:
                    raise
                return known
        return known

    def _renewed(self) -> _Known:
        about = self._get(self._issuer + WELL_KNOWN)
        if about.get("issuer") != self._issuer:
            raise Refused("issuer")
        if not all(self._safe(str(about.get(name, ""))) for name in ADDRESSES):
            raise Refused("addresses")
        try:
            keys = KeySet.import_key_set(self._get(str(about["jwks_uri"])))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Refused("keys") from error
        self._known = _Known(about, keys, self._now())
        return self._known

    def _safe(self, address: str) -> bool:
        """Encrypted, unless the service itself is this machine's."""
        own = urlsplit(self._issuer)
        return address.startswith(("https://", f"http://{own.netloc}/" if own.scheme == "http" else "https://"))

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        try:
            answer = requests.get(address, headers=headers, timeout=PATIENCE, allow_redirects=False)
            answer.raise_for_status()
            told = answer.json()
        except requests.RequestException as error:
            log.warning("identity_unreachable", kind=type(error).__name__)
            raise Unreachable("no answer") from error
        if not isinstance(told, dict):
            raise Refused("no object")
        return told


def from_settings(settings: Settings) -> OpenId | None:
    """The identity service, where one is set."""
    if not settings.oidc:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    return OpenId(settings.oidc_issuer, settings.oidc_client_id, secret, settings.public_url + BACK)
