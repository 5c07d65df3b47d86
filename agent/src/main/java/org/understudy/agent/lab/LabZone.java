package org.understudy.agent.lab;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Zone;

/** The records of the lab's domain as the switches have them. Immutable. */
final class LabZone {
    /** Seconds: a change is seen at once. */
    static final long TTL = 5;

    private static final long REFRESH = 60;
    private static final long RETRY = 30;
    private static final long EXPIRE = 3600;
    private static final int LOWER_PREFERENCE = 10;
    private static final int HIGHER_PREFERENCE = 20;

    private final Name origin;
    private final Name primary;
    private final Name backup;
    private final Name nameServer;
    private final InetAddress address;

    LabZone(DomainName domain, DomainName primary, DomainName backup, InetAddress address) {
        this.origin = name(domain.text());
        this.primary = name(primary.text());
        this.backup = name(backup.text());
        this.nameServer = name("ns1." + domain.text());
        this.address = address;
    }

    /** The zone at this moment. */
    Zone zone(Switches switches) {
        List<Record> records = new ArrayList<>();
        records.add(new SOARecord(
                origin,
                DClass.IN,
                TTL,
                nameServer,
                name("hostmaster." + origin),
                switches.zoneSerial(),
                REFRESH,
                RETRY,
                EXPIRE,
                TTL));
        records.add(new NSRecord(origin, DClass.IN, TTL, nameServer));
        boolean inverted = switches.preferencesInverted();
        records.add(exchanger(inverted ? HIGHER_PREFERENCE : LOWER_PREFERENCE, primary));
        if (!switches.backupDropped()) {
            records.add(exchanger(inverted ? LOWER_PREFERENCE : HIGHER_PREFERENCE, backup));
        }
        for (Name host : List.of(nameServer, primary, backup)) {
            records.add(
                    address instanceof Inet4Address
                            ? new ARecord(host, DClass.IN, TTL, address)
                            : new AAAARecord(host, DClass.IN, TTL, address));
        }
        try {
            return new Zone(origin, records.toArray(new Record[0]));
        } catch (IOException e) {
            throw new IllegalStateException("the lab's zone has a SOA and a NS record", e);
        }
    }

    private MXRecord exchanger(int preference, Name host) {
        return new MXRecord(origin, DClass.IN, TTL, preference, host);
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text.endsWith(".") ? text : text + ".");
        } catch (TextParseException e) {
            throw new IllegalArgumentException("not a domain name: \"" + text + "\"", e);
        }
    }
}
