"""Everything of the playground that answers HTTP, as one Flask blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint

from playground import page, telegram_api, twilio_api
from playground.network import Network


def create_blueprint(network: Network, settings: Mapping[str, object] | None = None) -> Blueprint:
    """The page, its JSON, and both providers' REST APIs; mount it at /playground.

    `settings` add to what the page's template is given. Who may reach it at all is the mounting
    application's decision: this blueprint trusts every caller that it gets.
    """
    blueprint = Blueprint("playground", "playground", static_folder="static", static_url_path="/static")
    for rule, name, view, methods in (
        *page.routes(network, settings or {}),
        *twilio_api.ROUTES,
        *telegram_api.ROUTES,
    ):
        blueprint.add_url_rule(rule, name, partial(view, network), methods=list(methods))
    return blueprint
