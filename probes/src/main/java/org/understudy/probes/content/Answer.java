package org.understudy.probes.content;

import org.understudy.probes.content.storage.StoredAnswer;
import org.understudy.smtp.DomainName;

/**
 * What a host answered to a sample. Immutable.
 *
 * @param stage at which, or empty
 * @param words verbatim, or why there was no answer
 * @param queueId under which the host knows the sample, or empty
 */
record Answer(DomainName host, Sample sample, Kind kind, String stage, String words, String queueId) {

    /** What that means for a message like the sample. */
    enum Kind {
        TAKEN,
        /** 4yz: later perhaps. */
        PUT_OFF,
        /** 5yz because of what it is. */
        REFUSED,
        /** Nothing that says anything about the content. */
        UNKNOWN
    }

    static Answer unknown(DomainName host, Sample sample, String why) {
        return new Answer(host, sample, Kind.UNKNOWN, "", why, "");
    }

    static Answer of(StoredAnswer stored) {
        return new Answer(
                new DomainName(stored.host()),
                Sample.valueOf(stored.sample()),
                Kind.valueOf(stored.kind()),
                stored.stage(),
                stored.words(),
                stored.queueId());
    }

    StoredAnswer stored() {
        return new StoredAnswer(host.text(), sample.name(), kind.name(), stage, words, queueId);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** For people: {@code 554 5.7.1 refused (DOT)}. */
    String text() {
        return stage.isEmpty() ? words : words + " (" + stage + ")";
    }
}
