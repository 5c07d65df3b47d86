package org.understudy.interop.replies;

import java.util.List;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.LaneState;

/**
 * One reply of one server, and what must become of the mail that gets it. Immutable.
 *
 * @param stage where the server gives it
 * @param reply what it says
 * @param configuration with which it says so, in the server's own words; what that means is known to the server
 * @param mail that gets it
 * @param warmed true if other mail is taken before, so that the path is proven
 * @param fates of the recipients of all messages, in order
 * @param lane state that the lane must come to
 */
record Row(
        String stage,
        String reply,
        List<String> configuration,
        Mail mail,
        TlsPolicy tls,
        boolean warmed,
        List<Fate> fates,
        LaneState lane) {

    /** What may become of one recipient. */
    enum Fate {
        FORWARDED,
        QUEUED,
        QUARANTINED
    }

    /**
     * What is sent.
     *
     * @param messages how many of the same kind, each from a sender of its own if there are several
     * @param recipients local parts
     * @param octets of content, about
     */
    record Mail(int messages, List<String> recipients, int octets) {
        static final Mail SMALL = new Mail(1, List.of("a"), 100);

        static Mail to(String... recipients) {
            return new Mail(1, List.of(recipients), 100);
        }
    }

    /** A row with one small message after the path was proven. */
    static Row of(String stage, String reply, Fate fate, LaneState lane, String... configuration) {
        return new Row(stage, reply, List.of(configuration), Mail.SMALL, TlsPolicy.NONE, true, List.of(fate), lane);
    }

    Row unwarmed() {
        return new Row(stage, reply, configuration, mail, tls, false, fates, lane);
    }

    Row with(TlsPolicy policy) {
        return new Row(stage, reply, configuration, mail, policy, warmed, fates, lane);
    }

    Row with(Mail other, Fate... expected) {
        return new Row(stage, reply, configuration, other, tls, warmed, List.of(expected), lane);
    }
}
