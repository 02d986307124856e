"""A telephone network on your own machine: Twilio's and Telegram's side of the wire, and people's phones.

The demo's page, the scenario tests and `flask chat` use it. It knows the application only by its doors.
"""

from playground.blueprint import create_blueprint
from playground.faults import Fault
from playground.network import Network
from playground.server import serving
from playground.values import Accounts, Answer, Button, DoorError, Heard, NotNowError, Sms, TelegramMessage
from playground.wire import through

__all__ = [
    "Accounts",
    "Answer",
    "Button",
    "DoorError",
    "Fault",
    "Heard",
    "Network",
    "NotNowError",
    "Sms",
    "TelegramMessage",
    "create_blueprint",
    "serving",
    "through",
]
