package org.understudy.probes.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Zone lines with a key made for the test, a chain of NSEC records, and signatures over everything. */
final class SignedZone {
    private static final long TTL = 3600;
    private static final int SECURE_ENTRY_POINT = 0x101;

    private final Name origin;
    private final DNSKEYRecord key;
    private final KeyPair pair;

    SignedZone(String origin) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.origin = Name.fromString(origin);
            this.pair = generator.generateKeyPair();
            this.key = new DNSKEYRecord(
                    this.origin,
                    DClass.IN,
                    TTL,
                    SECURE_ENTRY_POINT,
                    DNSKEYRecord.Protocol.DNSSEC,
                    DNSSEC.Algorithm.ECDSAP256SHA256,
                    pair.getPublic());
        } catch (GeneralSecurityException | IOException | DNSSEC.DNSSECException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The DS record to trust. */
    String anchor() {
        return new DSRecord(origin, DClass.IN, TTL, DNSSEC.Digest.SHA256, key) + "\n";
    }

    /** The records of the zone, signed for this time. Records outside of it are left as they are. */
    List<Record> sign(Instant from, Instant to, String... lines) {
        List<Record> records = parse(lines);
        records.add(key);
        List<Record> inside = new ArrayList<>(
                records.stream().filter(r -> r.getName().subdomain(origin)).toList());
        inside.addAll(chain(inside));
        List<Record> all = new ArrayList<>(
                records.stream().filter(r -> !r.getName().subdomain(origin)).toList());
        all.addAll(inside);
        sets(inside).forEach(set -> all.add(signature(set, from, to)));
        return all;
    }

    private static List<Record> parse(String... lines) {
        List<Record> records = new ArrayList<>();
        try (Master master = new Master(
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII)))) {
            for (Record r = master.nextRecord(); r != null; r = master.nextRecord()) {
                records.add(r);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    /** From each name to the next one (RFC 4034 section 4). */
    private static List<Record> chain(List<Record> records) {
        TreeMap<Name, List<Record>> byName =
                new TreeMap<>(records.stream().collect(Collectors.groupingBy(Record::getName)));
        List<Record> chain = new ArrayList<>();
        byName.forEach((name, here) -> {
            Name next = byName.higherKey(name) == null ? byName.firstKey() : byName.higherKey(name);
            int[] types = IntStream.concat(here.stream().mapToInt(Record::getType), IntStream.of(Type.RRSIG, Type.NSEC))
                    .distinct()
                    .sorted()
                    .toArray();
            chain.add(new NSECRecord(name, DClass.IN, TTL, next, types));
        });
        return chain;
    }

    private static List<RRset> sets(List<Record> records) {
        Map<String, RRset> sets = new TreeMap<>();
        records.forEach(r -> sets.computeIfAbsent(r.getName() + " " + r.getType(), k -> new RRset())
                .addRR(r));
        return List.copyOf(sets.values());
    }

    private RRSIGRecord signature(RRset set, Instant from, Instant to) {
        try {
            return DNSSEC.sign(set, key, pair.getPrivate(), from, to);
        } catch (DNSSEC.DNSSECException e) {
            throw new IllegalStateException(e);
        }
    }
}
