package org.understudy.probes.dns;

import java.util.List;
import org.xbill.DNS.Record;

/**
 * What a server said to one question.
 *
 * @param records of the type asked for, in a stable order; with an alias in front if there was one
 * @param detail for people: the response code, or what went wrong
 * @param authority records of the authority section: a referral, or the SOA record of the zone that denies
 * @param additional records of the additional section: glue
 */
record DnsAnswer(
        Status status,
        List<Record> records,
        boolean authoritative,
        String detail,
        List<Record> authority,
        List<Record> additional) {

    /** How far an answer may be believed. */
    enum Status {
        DATA,
        /** The name exists, such a record does not. */
        NO_DATA,
        NAME_DOES_NOT_EXIST,
        /** SERVFAIL, REFUSED and other codes that say nothing about the name. */
        SERVER_FAILED,
        NO_ANSWER,
        /** This machine has no way to the server, IPv6 for example: says nothing about the server. */
        NO_ROUTE
    }

    DnsAnswer {
        records = List.copyOf(records);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    /** True if it says something about the name. */
    boolean isConclusive() {
        return status == Status.DATA || status == Status.NO_DATA || status == Status.NAME_DOES_NOT_EXIST;
    }

    static DnsAnswer failed(String detail) {
        return failed(Status.NO_ANSWER, detail);
    }

    static DnsAnswer failed(Status status, String detail) {
        return new DnsAnswer(status, List.of(), false, detail, List.of(), List.of());
    }
}
