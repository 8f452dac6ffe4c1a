"""What people press, choose and fill in on Slack's screens, and what the bot's answers do to what they see."""

from __future__ import annotations

from integrations.sandbox import slack_gestures as gestures
from integrations.sandbox import slack_views
from integrations.sandbox.slack_controls import Chosen, complaints, state_of
from integrations.sandbox.slack_events import Answer, SlackEvents
from integrations.sandbox.slack_responses import show
from integrations.sandbox.slack_state import APP_ID, Ephemeral, ResponseUrl, Workspace
from integrations.sandbox.wire import Json, as_object


class BotRefused(Exception):  # noqa: N818 - it says who refused
    """The bot did not take what Slack brought it in time, or answered nonsense; the person would see an error."""


class Hands:
    """The people of a workspace at their screens."""

    def __init__(self, workspace: Workspace, events: SlackEvents) -> None:
        self.workspace = workspace
        self.events = events
        self._held: dict[tuple[str, str], Json] = {}  # person and screen -> what stands in its controls

    def ephemerals(self, user: str) -> list[Ephemeral]:
        return [each for each in self.workspace.ephemerals if each.user == user]

    def home(self, user: str) -> Json | None:
        return self.workspace.homes.get(user)

    def modals(self, user: str) -> list[Json]:
        """The stack of modals the person has open, the topmost last."""
        return self.workspace.modals.get(user, [])

    def modal(self, user: str) -> Json | None:
        stack = self.modals(user)
        return stack[-1] if stack else None

    # --- Messages ---------------------------------------------------------------------------------------------------

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Chosen = None,
        *,
        block_id: str | None = None,
        stale: bool = False,
    ) -> int:
        """Press or choose in a message. `stale`: as the screen was, though the control may be gone by now."""
        place = self.workspace.channel(channel)
        message = self.workspace.message(place, ts)
        if stale:
            control: Json = {"type": "button", "action_id": action_id, "value": value, "block_id": "as-it-was"}
        else:
            control = gestures.find_control(message.blocks, action_id, value, block_id)
        url = self._response_url(user, place.id, message_ts=ts)
        shown = gestures.on_message(message, place, url) | self._state(user, ts, message.blocks, control, value)
        return (await self._press(user, control, value, shown)).status

    async def click_ephemeral(
        self, user: str, action_id: str, value: Chosen = None, *, ephemeral_id: str | None = None
    ) -> int:
        """Press a control of what only this person sees: the named one, else the newest that has it."""
        for each in reversed(self.ephemerals(user)):
            if ephemeral_id in (None, each.id):
                try:
                    control = gestures.find_control(each.blocks, action_id, value)
                except LookupError:
                    continue
                url = self._response_url(user, each.channel, ephemeral_id=each.id)
                place = gestures.on_ephemeral(each.id, each.thread_ts, self.workspace.channel(each.channel), url)
                state = self._state(user, each.id, each.blocks, control, value)
                return (await self._press(user, control, value, place | state)).status
        raise LookupError(f"nothing only {user} sees has a control {action_id!r}")

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> int:
        """Choose one of the app's entries in a message's own menu."""
        place = self.workspace.channel(channel)
        if user not in place.members:
            raise PermissionError(f"{user} is not in {place.name}")
        message, world = self.workspace.message(place, ts), self.workspace.world
        url = self._response_url(user, place.id)
        about = gestures.of_shortcut(message, place, callback_id, world.stamp(), url)
        person = gestures.by(self.workspace.users[user], "message_action", self.workspace.trigger(user))
        return (await self.events.interact(person | about)).status

    # --- App Home and modals ----------------------------------------------------------------------------------------

    async def click_home(self, user: str, action_id: str, value: Chosen = None, *, block_id: str | None = None) -> int:
        return await self._click_view(user, self.home(user), action_id, value, block_id, {})

    async def click_modal(
        self,
        user: str,
        action_id: str,
        value: Chosen = None,
        *,
        block_id: str | None = None,
        values: Json | None = None,
    ) -> int:
        """Press, choose or type in a modal; `values` is what else stands in its fields, which Slack tells each time."""
        return await self._click_view(user, self.modal(user), action_id, value, block_id, values or {})

    async def submit(
        self, user: str, view_id: str | None = None, values: Json | None = None, *, past_the_form: bool = False
    ) -> Json:
        """Press a modal's submit button; the bot's `response_action`, carried out as Slack does.

        `past_the_form`: as if Slack's own form had let through what it does not.
        """
        view = self._modal(user, view_id)
        if "submit" not in view:
            raise LookupError(f"{view['title']['text']} has nothing to submit")
        view["state"] = {"values": state_of(view["blocks"], values or {}, view["state"]["values"])}
        missing = complaints(view["blocks"], view["state"]["values"])
        if missing and not past_the_form:
            raise ValueError("; ".join(missing))
        person = gestures.by(self.workspace.users[user], "view_submission", self.workspace.trigger(user))
        reply = self._accepted(await self.events.interact(person | {"view": view, "response_urls": []}))
        if reply.body and reply.json is None:
            raise BotRefused(f"Slack expects JSON or nothing, not {reply.body[:200]!r}")
        answer = reply.json or {}
        self._after_submit(user, view, answer)
        return answer

    async def dismiss(self, user: str, view_id: str | None = None, *, whole_stack: bool = False) -> None:
        """Go back from a modal, or close them all; the bot hears of those that asked for it."""
        view, stack = self._modal(user, view_id), self.workspace.modals[user]
        is_cleared = whole_stack or bool(view.get("clear_on_close"))
        closed = stack[::-1] if is_cleared else [view]
        for each in closed:
            stack.remove(each)
        self.workspace.world.touch()
        for each in closed:
            if each.get("notify_on_close"):
                told = gestures.by(self.workspace.users[user], "view_closed")
                await self.events.interact(told | {"view": each, "is_cleared": is_cleared})

    # --- Commands ---------------------------------------------------------------------------------------------------

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Json | str:
        """Type a slash command; what the bot answered at once. Slack shows it, to this person unless told otherwise."""
        person, place = self.workspace.users[user], self.workspace.channel(channel)
        where = ResponseUrl(channel=place.id, user=user, made_at=self.workspace.world.now())
        fields = {"command": command, "text": text, "api_app_id": APP_ID, "team_domain": "aurora-outdoor"}
        who = {"user_id": user, "user_name": person.as_slack()["name"], "team_id": person.team_id}
        ids = {"trigger_id": self.workspace.trigger(user), "response_url": self.workspace.response_url(where)}
        asked = {"channel_id": place.id, "channel_name": gestures.place_of(place)["name"]}
        install = {"is_enterprise_install": "false"}
        answer = self._accepted(await self.events.command(fields | who | ids | asked | install))
        if answer.body:
            show(self.workspace, where, answer.json or {"text": answer.body})
        return answer.body if answer.json is None else answer.json

    # --- Underneath -------------------------------------------------------------------------------------------------

    async def _press(self, user: str, control: Json, value: Chosen, place: Json) -> Answer:
        pressed = gestures.action(control, value, self.workspace.world.stamp())
        person = gestures.by(self.workspace.users[user], "block_actions", self.workspace.trigger(user))
        return await self.events.interact(person | {"actions": [pressed]} | place)

    async def _click_view(
        self, user: str, view: Json | None, action_id: str, value: Chosen, block_id: str | None, values: Json
    ) -> int:
        if view is None:
            raise LookupError(f"{user} has no such view open")
        control = gestures.find_control(view["blocks"], action_id, value, block_id)
        stands = state_of(view["blocks"], values, view["state"]["values"])
        view["state"] = {"values": state_of(view["blocks"], _as_values(control, value), stands)}
        return (await self._press(user, control, value, gestures.on_view(view))).status

    def _state(self, user: str, screen: str, blocks: list[Json], control: Json, value: Chosen) -> Json:
        """What stands in all the controls of a message, which Slack keeps for each person who looks."""
        held = state_of(blocks, _as_values(control, value), self._held.get((user, screen), {}))
        self._held[user, screen] = held
        return {"state": {"values": held}}

    def _response_url(
        self, user: str, channel: str, message_ts: str | None = None, ephemeral_id: str | None = None
    ) -> str:
        now = self.workspace.world.now()
        return self.workspace.response_url(
            ResponseUrl(channel=channel, user=user, made_at=now, message_ts=message_ts, ephemeral_id=ephemeral_id)
        )

    def _modal(self, user: str, view_id: str | None) -> Json:
        for view in self.modals(user)[::-1]:
            if view_id in (None, view["id"]):
                return view
        raise LookupError(f"{user} has no such modal open")

    def _accepted(self, answer: Answer) -> Answer:
        if not answer.ok:
            raise BotRefused(f"the bot answered {answer.status or 'nothing in time'}: {answer.body[:200]}")
        return answer

    def _after_submit(self, user: str, view: Json, answer: Json) -> None:
        """docs.slack.dev/surfaces/modals: errors keep it open, clear closes all, nothing closes this one."""
        what, stack = answer.get("response_action"), self.workspace.modals[user]
        if what == "errors":
            _errors_fit(view, as_object(answer.get("errors")))
        elif what == "update":
            slack_views.replace(self.workspace, user, view["id"], as_object(answer.get("view")))
        elif what == "push":
            slack_views.show(self.workspace, user, as_object(answer.get("view")), on_top=True)
        elif what == "clear":
            stack.clear()
        elif what is not None:
            raise BotRefused(f"Slack knows no response_action {what!r}")
        elif view in stack:
            stack.remove(view)
        self.workspace.world.touch()


def _as_values(control: Json, value: Chosen) -> Json:
    return {} if value is None else {control["block_id"]: {control["action_id"]: value}}


def _errors_fit(view: Json, errors: Json) -> None:
    """An error that names no input block of the modal makes Slack show a failure instead of it."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not errors or not errors.keys() <= inputs:
        raise BotRefused(f"errors name {sorted(errors)}, but the inputs are {sorted(inputs)}")
