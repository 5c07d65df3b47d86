package org.understudy.probes.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The records that validation begins at. */
public final class TrustAnchors {

    private TrustAnchors() {}

    /**
     * Reads DS and DNSKEY records.
     *
     * @param text as in a zone file, for example that of Debian's dns-root-data
     * @throws IllegalArgumentException if there is none, or something else
     */
    public static void check(String text) {
        if (owners(text).isEmpty()) {
            throw new IllegalArgumentException("it has no DS and no DNSKEY record");
        }
    }

    /** The names that have an anchor. */
    static List<Name> owners(String text) {
        List<Name> owners = new ArrayList<>();
        try (Master master =
                new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)), Name.root, 0)) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                if (record.getType() != Type.DS && record.getType() != Type.DNSKEY) {
                    throw new IllegalArgumentException("it has a record that is neither DS nor DNSKEY: " + record);
                }
                if (!owners.contains(record.getName())) {
                    owners.add(record.getName());
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("it is no zone text: " + e.getMessage(), e);
        }
        return owners;
    }
}
