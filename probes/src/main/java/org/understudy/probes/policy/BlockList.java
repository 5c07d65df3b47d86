package org.understudy.probes.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.probes.dns.RecordLookup.Found;
import org.understudy.smtp.DomainName;

/** One DNS block list, and how it is asked (RFC 5782). Stateless. */
final class BlockList {
    private final DomainName zone;

    BlockList(DomainName zone) {
        this.zone = zone;
    }

    /**
     * What the list says.
     *
     * @param listed true if the address is on it
     * @param text codes and reason, as the list gives them
     * @param trouble why it says nothing that counts, or empty
     */
    record Answer(boolean listed, String text, String trouble) {
        static Answer unusable(String trouble) {
            return new Answer(false, "", trouble);
        }
    }

    /** The name to ask for: labels of the address backwards (RFC 5782 section 2.1), nibbles for IPv6 (section 2.4). */
    DomainName question(InetAddress address) {
        byte[] octets = address.getAddress();
        List<String> labels = new ArrayList<>();
        for (byte octet : octets) {
            int value = octet & 0xFF;
            if (address instanceof Inet4Address) {
                labels.add(Integer.toString(value));
            } else {
                labels.add(Integer.toHexString(value >> 4));
                labels.add(Integer.toHexString(value & 0xF));
            }
        }
        Collections.reverse(labels);
        return new DomainName(String.join(".", labels) + "." + zone);
    }

    /** What is wrong with the list itself, or empty: it must have its test entry and must not have everything (section 5). */
    String trouble(RecordLookup lookup) {
        Answer present = ask(lookup, "2.0.0.127");
        if (!present.trouble().isEmpty()) {
            return present.trouble();
        }
        if (!present.listed()) {
            return zone + " does not list its test address 127.0.0.2: it is no list, or answers nobody";
        }
        Answer absent = ask(lookup, "1.0.0.127");
        if (!absent.trouble().isEmpty()) {
            return absent.trouble();
        }
        return absent.listed() ? zone + " lists everything, 127.0.0.1 too: it has been given up" : "";
    }

    private Answer ask(RecordLookup lookup, String reversed) {
        return ask(lookup, new DomainName(reversed + "." + zone));
    }

    Answer ask(RecordLookup lookup, InetAddress address) {
        return ask(lookup, question(address));
    }

    private Answer ask(RecordLookup lookup, DomainName name) {
        Found<InetAddress> codes = lookup.addresses4(name);
        if (!codes.isKnown()) {
            return Answer.unusable(zone + " cannot be asked: " + codes.detail());
        }
        for (InetAddress code : codes.values()) {
            byte[] octets = code.getAddress();
            if ((octets[0] & 0xFF) != 127) {
                return Answer.unusable(
                        zone + " answers with " + code.getHostAddress() + ", which is no code of a list");
            }
            if ((octets[1] & 0xFF) == 255 && (octets[2] & 0xFF) == 255) {
                // As lists refuse public resolvers, and those who ask too much.
                return Answer.unusable(
                        zone + " refuses our resolver (" + code.getHostAddress() + "): ask with one of your own");
            }
        }
        if (codes.values().isEmpty()) {
            return new Answer(false, "not listed", "");
        }
        String reasons = String.join(" ", lookup.texts(name).values());
        return new Answer(
                true,
                codes.values().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "))
                        + (reasons.isEmpty() ? "" : " " + reasons),
                "");
    }

    DomainName zone() {
        return zone;
    }
}
