package org.understudy.probes.dns;

import java.util.List;
import org.xbill.DNS.Record;

/**
 * What a server said to one question.
 *
 * @param records of the type asked for, in a stable order; with an alias in front if there was one
 * @param detail for people: the response code, or what went wrong
 */
record DnsAnswer(Status status, List<Record> records, boolean authoritative, String detail) {

    /** How far an answer may be believed. */
    enum Status {
        DATA,
        /** The name exists, such a record does not. */
        NO_DATA,
        NAME_DOES_NOT_EXIST,
        /** SERVFAIL, REFUSED and other codes that say nothing about the name. */
        SERVER_FAILED,
        NO_ANSWER
    }

    DnsAnswer {
        records = List.copyOf(records);
    }

    /** True if it says something about the name. */
    boolean isConclusive() {
        return status == Status.DATA || status == Status.NO_DATA || status == Status.NAME_DOES_NOT_EXIST;
    }

    static DnsAnswer failed(String detail) {
        return new DnsAnswer(Status.NO_ANSWER, List.of(), false, detail);
    }
}
