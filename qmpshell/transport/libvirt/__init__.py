"""libvirt's domains: their QEMU's monitor is libvirt's own, which passes commands on.

libvirt's library waits and calls back in ways of its own, so it gets a process of its own, the
bridge: towards us it is one more server that speaks QMP, on its standard input and output.

``opening`` starts the bridge and is the stream to it; ``bridge`` is that process, in which
``domain`` finds the domain, ``conversation`` serves, ``relay`` rewrites what goes to and fro
(pure), and ``outlet`` is the way back to us. ``listing`` is another such process: it says which
domains run. None but those two imports libvirt's library.
"""
