package org.understudy.probes.smtp;

import java.time.Clock;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Exchanger;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;

/** Asks an exchanger what it takes and from whom, and judges that by itself. Nothing is sent. */
public final class HostAnswersProbe extends DomainProbe {
    private final HostInterviews interviews;
    private final Exchanger exchanger;
    private final AnswersJudge judge;
    private final OutageJudge outage;
    /** Of the round that was judged last; one run at a time. */
    private volatile long judged;

    public HostAnswersProbe(DomainHosts hosts, Exchanger exchanger, Clock clock) {
        super("answers", hosts.domain().name(), exchanger.host().text(), clock);
        this.interviews = hosts.of(exchanger);
        this.exchanger = exchanger;
        this.judge = new AnswersJudge(hosts.domain(), exchanger);
        this.outage = new OutageJudge(hosts, exchanger);
    }

    @Override
    public boolean hasToWait() {
        return interviews.hasToWait();
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        HostAnswers round = interviews.fullAfter(judged, deadline);
        if (round.trouble().isPresent()) {
            result.unknown(round.trouble().get());
            return;
        }
        if (!round.isAnswering()) {
            result.skip(exchanger.host() + " does not answer: there is nobody to ask");
            return;
        }
        judged = round.serial();
        for (AddressAnswers address : round.open()) {
            result.transcript(address.transcript());
            IntakeJudge.objection(address).ifPresent(result::unknown);
            address.brokenOff().ifPresent(why -> result.fact(address.endpoint() + " was not asked everything", why));
        }
        judge.judge(result, round.open());
        outage.judge(result, round.open());
    }
}
