"""Reports come in any order, early and late: the mark on a staff message is the truth, and Retry really sends again."""

from __future__ import annotations

from integrations.sandbox.faults import Fault
from integrations.sandbox.slack_state import Message
from storage.models import EarlyStatus, MessageRow
from tests.stories.town import ANA, CARLA, CHANNEL, Town


async def failed(town: Town, card: Message, words: str) -> tuple[str, str]:
    """A reply that WhatsApp took and then gave up; its place in Slack and its wamid."""
    ts = await town.reply(ANA, card, words)
    await town.hears(CARLA, words)
    wamid = town.sandbox.whatsapp.sent[-1].wamid
    await town.sandbox.whatsapp.report(wamid, "failed", 131026)
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {"x"})
    return ts, wamid


async def retry(town: Town, card: Message) -> None:
    await town.sandbox.until(lambda: "did not get this message" in town.thread_text(card))
    line = [each for each in town.thread(card) if "did not get this message" in each.text][-1]
    await town.sandbox.slack.click(ANA, CHANNEL, line.ts, "retry_send")


async def test_late_news_of_the_first_try_does_not_pass_for_the_second(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    _, wamid = await failed(town, card, "Can you read this?")
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131016, retry_after=0.5))
    await retry(town, card)
    await town.sandbox.whatsapp.report(wamid, "sent")
    await town.has_done("whatsapp.send")
    assert town.on_phone(CARLA).count("Can you read this?") == 2
    row = await MessageRow.get(text="Can you read this?")
    assert (row.status, row.wamid) == ("sent", town.sandbox.whatsapp.sent[-1].wamid)


async def test_a_retry_whose_answer_is_lost_is_found_by_its_report_and_not_sent_again(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    ts, _ = await failed(town, card, "Can you read this?")
    town.sandbox.whatsapp.faults.add(Fault(method="send", drop="after"))
    await retry(town, card)
    await town.sandbox.until(lambda: town.on_phone(CARLA).count("Can you read this?") == 2)
    await town.sandbox.whatsapp.report(town.sandbox.whatsapp.sent[-1].wamid, "sent")
    await town.has_done("whatsapp.send")
    assert town.on_phone(CARLA).count("Can you read this?") == 2
    await town.sandbox.until(lambda: "white_check_mark" in town.sandbox.slack.reactions(CHANNEL, ts))
    assert "x" not in town.sandbox.slack.reactions(CHANNEL, ts)


async def test_a_failure_that_overtakes_whatsapps_answer_stays_a_failure(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    town.sandbox.whatsapp.faults.add(Fault(method="send", hang=True))
    ts = await town.reply(ANA, card, "Too quick")
    await town.hears(CARLA, "Too quick")
    await town.sandbox.whatsapp.report(town.sandbox.whatsapp.sent[-1].wamid, "failed", 131026)
    await town.has_done("whatsapp.status")
    town.sandbox.whatsapp.faults.release()
    await town.has_done("whatsapp.send")
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {"x"})
    row = await MessageRow.get(text="Too quick")
    assert row.status == "failed"
    assert "131026" in row.failure
    assert "they blocked the number" in town.thread_text(card)


async def test_reports_in_any_order_end_at_the_highest_and_strangers_wait(town: Town):
    card = await town.taken()
    town.sandbox.whatsapp.auto_status = False
    ts = await town.reply(ANA, card, "Listen to this")
    await town.hears(CARLA, "Listen to this")
    sent = town.sandbox.whatsapp.sent[-1]
    for status in ("played", "sent", "read", "delivered"):
        await town.sandbox.whatsapp.report(sent.wamid, status)
    await town.sandbox.until(lambda: "eyes" in town.sandbox.slack.reactions(CHANNEL, ts))
    assert (await MessageRow.get(text="Listen to this")).status == "played"
    unknown = town.sandbox.whatsapp.status_body(sent, "read")
    told = unknown["entry"][0]["changes"][0]["value"]["statuses"][0]
    told["id"], told["biz_opaque_callback_data"] = "wamid.UNKNOWN", "somebody else's"
    await town.sandbox.whatsapp.deliver(unknown)
    await town.has_done("whatsapp.status")
    assert await EarlyStatus.filter(wamid="wamid.UNKNOWN").count() == 1
