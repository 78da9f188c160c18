"""The client of a guest agent (qemu-ga), a program that runs inside of the guest.

``client`` is what a program calls, ``opening`` finds out who answers, ``info`` is what an
agent says of itself, ``unanswered`` sends what has no reply, ``program`` runs something in the
guest, ``files`` brings files here and there, and ``placing`` puts them in their place whole.
"""
