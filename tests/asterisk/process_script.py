"""A call script as a program, as the dialplan starts it."""

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.process_agi import run_process_agi


async def visit(call: Call) -> None:
    await call.answer()
    await call.set("CALLERID(name)", f"{call.dialled} {call.caller_name}")
    await call.play("welcome")
    if await call.ask(["menu"], "12", 2) == "2":
        await call.run("Queue", "group-general", "tc")
        await call.set("END", await call.get("QUEUESTATUS"))
    await call.play("goodbye")


if __name__ == "__main__":
    run_process_agi({"visit": visit})
