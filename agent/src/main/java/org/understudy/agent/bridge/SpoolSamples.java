package org.understudy.agent.bridge;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.SampleDisposal;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.understudy.spool.OperatorOrder;
import org.understudy.spool.QueueAction;
import org.understudy.spool.QueueFilter;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueueSelection;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolException;

/** Takes samples out of the bundled spool, which the primary would refuse, or has. Thread-safe. */
public final class SpoolSamples implements SampleDisposal {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolSamples.class);
    private static final OperatorOrder ORDER = new OperatorOrder("understudy", "a sample of content has done its work");

    private final Spool spool;
    private final DomainName name;
    private final QueueFilter samples;

    /**
     * @param name of the spool as an exchanger
     * @param sender of samples: whatever an id names, what is not from there stays
     */
    public SpoolSamples(Spool spool, DomainName name, Mailbox sender) {
        this.spool = spool;
        this.name = name;
        this.samples = new QueueFilter(
                Optional.empty(),
                QueueFilter.OPEN,
                Optional.of(sender.toString()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public void discard(DomainName host, String queueId) {
        if (!host.equals(name) || !QueueId.isValid(queueId) || !spool.isQueued(new QueueId(queueId))) {
            return;
        }
        try {
            spool.operations()
                    .order(QueueAction.DISCARD, new QueueSelection(List.of(new QueueId(queueId)), samples), ORDER);
        } catch (SpoolException e) {
            LOG.warn("the sample {} cannot be taken out of the spool: {}", queueId, e.getMessage());
        }
    }
}
