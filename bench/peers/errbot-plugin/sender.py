from errbot import BotPlugin, botcmd


class Sender(BotPlugin):
    @botcmd
    def sender(self, msg, args):
        """Say who is asking."""
        return f"You are {msg.frm}."
