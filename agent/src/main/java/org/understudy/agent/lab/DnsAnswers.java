package org.understudy.agent.lab;

import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SetResponse;
import org.xbill.DNS.Type;
import org.xbill.DNS.Zone;

/**
 * Answers from one zone, with authority (RFC 1034 section 4.3.2). The agent asks the lab both as an authoritative server and
 * as a resolver, so recursion is said to be available; names outside the zone are refused. Stateless.
 */
final class DnsAnswers {
    private static final int OUR_UDP_PAYLOAD = 1232;

    private DnsAnswers() {}

    static Message answer(Zone zone, Message query) {
        Message response = new Message(query.getHeader().getID());
        Header header = response.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        header.setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        if (query.getOPT() != null) {
            response.addRecord(new OPTRecord(OUR_UDP_PAYLOAD, Rcode.NOERROR, 0), Section.ADDITIONAL);
        }
        Record question = query.getQuestion();
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            header.setRcode(Rcode.NOTIMP);
        } else if (question == null) {
            header.setRcode(Rcode.FORMERR);
        } else {
            response.addRecord(question, Section.QUESTION);
            resolve(zone, question, response);
        }
        return response;
    }

    private static void resolve(Zone zone, Record question, Message response) {
        Header header = response.getHeader();
        Name name = question.getName();
        boolean transfer = question.getType() == Type.AXFR || question.getType() == Type.IXFR;
        if (!name.subdomain(zone.getOrigin()) || question.getDClass() != DClass.IN || transfer) {
            header.setRcode(Rcode.REFUSED);
            return;
        }
        header.setFlag(Flags.AA);
        SetResponse found = zone.findRecords(name, question.getType());
        if (found.isSuccessful()) {
            found.answers().forEach(set -> add(set, Section.ANSWER, response));
            if (question.getType() == Type.MX || question.getType() == Type.NS) {
                addAddresses(zone, found.answers(), response);
            }
            return;
        }
        // The SOA record says for how long the name or type is known to be absent (RFC 2308 section 3).
        header.setRcode(found.isNXDOMAIN() ? Rcode.NXDOMAIN : Rcode.NOERROR);
        response.addRecord(zone.getSOA(), Section.AUTHORITY);
    }

    private static void addAddresses(Zone zone, List<RRset> answers, Message response) {
        for (RRset set : answers) {
            for (Record record : set.rrs(false)) {
                Name host = record.getAdditionalName();
                for (int type : new int[] {Type.A, Type.AAAA}) {
                    RRset addresses = zone.findExactMatch(host, type);
                    if (addresses != null) {
                        add(addresses, Section.ADDITIONAL, response);
                    }
                }
            }
        }
    }

    private static void add(RRset set, int section, Message response) {
        set.rrs(false).forEach(record -> {
            if (!response.findRecord(record)) {
                response.addRecord(record, section);
            }
        });
    }

    /** The largest answer that the asker takes over UDP (RFC 6891 section 6.2.3). */
    static int udpPayload(Message query) {
        OPTRecord edns = query.getOPT();
        return edns == null ? 512 : Math.max(512, Math.min(edns.getPayloadSize(), OUR_UDP_PAYLOAD));
    }
}
