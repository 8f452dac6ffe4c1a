"""The stand-in Graph API lists templates in pages and refuses of them what Meta refuses."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from integrations.sandbox.server import Sandbox
from integrations.sandbox.whatsapp_templates import Template
from tests.integrations.sandbox.conftest import Caller

Json = dict[str, Any]


def text(value: str, **more: Any) -> Json:
    return {"type": "text", "text": value, **more}


def body(*values: Json) -> Json:
    return {"type": "body", "parameters": list(values)}


LINK: Json = {"type": "button", "sub_type": "url", "index": "0", "parameters": [text("4812")]}
PARCEL: Json = {
    "name": "order_on_its_way",
    "language": {"code": "en"},
    "components": [body(text("Carla"), text("4812"), text("Friday")), LINK],
}
NAMED: Json = {"name": "repair_ready", "language": {"code": "en"}}
CLOSING, FIRST = text("7", parameter_name="closing_time"), text("Carla", parameter_name="first_name")


async def test_who_stopped_advertising_gets_none(sandbox: Sandbox, caller: Caller) -> None:
    sandbox.whatsapp.api.templates.named("old_offer").status = "APPROVED"
    offer: Json = {"name": "old_offer", "language": {"code": "en"}}
    await sandbox.whatsapp.prefers("carla", "stop")
    status, answer = await caller.whatsapp(to="34600111222", type="template", template=offer)
    assert (status, answer["error"]["code"]) == (400, 131050)
    status, _ = await caller.whatsapp(to="34600111222", type="template", template=PARCEL)
    assert status == 200
    await sandbox.whatsapp.prefers("carla", "resume")
    status, _ = await caller.whatsapp(to="34600111222", type="template", template=offer)
    assert status == 200


async def test_a_template_arrives_filled_in_though_the_window_is_closed(sandbox: Sandbox, caller: Caller) -> None:
    status, _ = await caller.text()
    assert status == 400  # Carla has never written
    status, answer = await caller.whatsapp(to="34600111222", type="template", template=PARCEL)
    assert status == 200, answer
    assert "Hi Carla, your order 4812 is on its way and arrives on Friday." in sandbox.whatsapp.sent_to("carla")[0]
    named = NAMED | {"components": [body(CLOSING, FIRST)]}  # by name, in whatever order
    status, _ = await caller.whatsapp(to="34600111222", type="template", template=named)
    assert status == 200
    assert "Hello Carla, your repair is ready. You find us until 7." in sandbox.whatsapp.sent_to("carla")[1]


@pytest.mark.parametrize(
    ("template", "status", "code"),
    [
        ({"language": {"code": "en"}}, 400, 131008),
        (PARCEL | {"name": "no_such"}, 404, 132001),
        (PARCEL | {"language": {"code": "fr"}}, 404, 132001),
        ({"name": "old_offer", "language": {"code": "en"}}, 404, 132001),
        (PARCEL | {"components": [body(text("Carla")), LINK]}, 400, 132000),
        (PARCEL | {"components": [body(text("a"), text("b"), text("c\nd")), LINK]}, 400, 132018),
        (PARCEL | {"components": [body(text("a"), text("b"), {"type": "image", "image": {}}), LINK]}, 400, 132012),
        (PARCEL | {"components": [body(text("a"), text("b"), text("c"))]}, 400, 131008),
        (NAMED | {"components": [body(text("Carla"), text("7 pm"))]}, 400, 132012),
        (NAMED | {"components": [body(FIRST, FIRST)]}, 400, 132012),
        ({"name": "new_tent", "language": {"code": "en"}}, 400, 132012),
        (PARCEL | {"namespace": "old"}, 400, 100),
    ],
)
async def test_a_wrong_template_is_refused_with_metas_code(
    caller: Caller, template: Json, status: int, code: int
) -> None:
    got, answer = await caller.whatsapp(to="34600111222", type="template", template=template)
    assert (got, answer["error"]["code"]) == (status, code), answer
    assert answer["error"]["error_data"]["messaging_product"] == "whatsapp"


@pytest.mark.parametrize(("stopped", "code"), [("PAUSED", 132015), ("DISABLED", 132016)])
async def test_a_template_that_meta_stopped_is_refused(
    sandbox: Sandbox, caller: Caller, stopped: str, code: int
) -> None:
    sandbox.whatsapp.api.templates.named("follow_up").status = stopped
    template = {"name": "follow_up", "language": {"code": "en"}}
    _, answer = await caller.whatsapp(to="34600111222", type="template", template=template)
    assert answer["error"]["code"] == code


async def listing(
    caller: Caller, account: str = "100000000000001", token: str = "sandbox-access-token", **query: str
) -> tuple[int, Json]:
    url = f"{caller.sandbox.whatsapp_api_url}/v25.0/{account}/message_templates"
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(url, params=query, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_the_listing_comes_in_pages_and_only_to_whoever_may_see_it(sandbox: Sandbox, caller: Caller) -> None:
    known = sandbox.whatsapp.api.templates
    known.all = [Template(name=f"t{n}", components=[{"type": "BODY", "text": "x"}]) for n in range(5)]
    _, first = await listing(caller, fields="name,status", limit="3")
    assert [each["name"] for each in first["data"]] == ["t0", "t1", "t2"]
    assert set(first["data"][0]) == {"id", "name", "status"}
    assert "next" in first["paging"]
    _, last = await listing(caller, limit="3", after=first["paging"]["cursors"]["after"])
    assert [each["name"] for each in last["data"]] == ["t3", "t4"]
    assert "next" not in last["paging"]
    assert (await listing(caller, token="wrong"))[0] == 401
    assert (await listing(caller, account="5"))[1]["error"]["error_subcode"] == 33
    assert (await listing(caller, fields="secret"))[1]["error"]["code"] == 100
