"""Debian's policyd-spf, asking the DNS server of the test instead of the machine's. Arguments: its port, the configuration."""

import runpy
import sys

port = int(sys.argv[1])
try:
    import dns.resolver

    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    dns.resolver.override_system_resolver(resolver)
    dns.resolver.default_resolver = resolver
except ImportError:
    pass
try:
    import DNS

    DNS.ParseResolvConf = lambda *unused: None
    DNS.defaults["server"] = ["127.0.0.1"]
    DNS.defaults["port"] = port
except ImportError:
    pass
sys.argv = ["policyd-spf", sys.argv[2]]
runpy.run_path("/usr/bin/policyd-spf", run_name="__main__")
