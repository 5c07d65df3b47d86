package org.understudy.probes.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.DnsSettings;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Addresses of a host from the resolver, A and AAAA. Thread-safe. */
public final class DnsAddressLookup implements AddressLookup {
    private final DnsClient client;

    public DnsAddressLookup(DnsSettings settings) {
        this.client = new DnsClient(settings);
    }

    @Override
    public List<InetAddress> addresses(DomainName host) throws IOException {
        DnsAnswer v4 = client.askResolver(host, Type.A);
        DnsAnswer v6 = client.askResolver(host, Type.AAAA);
        List<InetAddress> addresses = new ArrayList<>();
        v4.records().forEach(r -> add(r, addresses));
        v6.records().forEach(r -> add(r, addresses));
        // A broken answer for one family must not hide what the other has.
        if (addresses.isEmpty() && !(v4.isConclusive() && v6.isConclusive())) {
            throw new IOException((v4.isConclusive() ? v6 : v4).detail());
        }
        return addresses;
    }

    private static void add(Record record, List<InetAddress> addresses) {
        if (record instanceof ARecord a) {
            addresses.add(a.getAddress());
        } else if (record instanceof AAAARecord aaaa) {
            addresses.add(aaaa.getAddress());
        }
    }
}
