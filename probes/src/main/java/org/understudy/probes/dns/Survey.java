package org.understudy.probes.dns;

import java.util.List;

/** What every authoritative server says to one question. */
record Survey(List<Voice> voices) {

    /** One server's answer. */
    record Voice(NameServer server, DnsAnswer answer) {

        /** True if it speaks with authority about the name. */
        boolean counts() {
            return answer.isConclusive() && answer.authoritative();
        }

        /** Why it does not. */
        String trouble() {
            return answer.isConclusive() ? "answers without authority" : answer.detail();
        }
    }

    Survey {
        voices = List.copyOf(voices);
    }

    /** The voices that say something about the name. */
    List<Voice> counting() {
        return voices.stream().filter(Voice::counts).toList();
    }

    /** The servers that should answer, can be reached from here, and do not. */
    List<Voice> silent() {
        return voices.stream()
                .filter(v -> !v.counts() && v.answer().status() != DnsAnswer.Status.NO_ROUTE)
                .toList();
    }
}
