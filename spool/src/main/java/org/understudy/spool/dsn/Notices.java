package org.understudy.spool.dsn;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NextHop;
import org.understudy.spool.NoticePolicy;
import org.understudy.spool.NoticeSettings;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.Unit;

/**
 * Tells senders what becomes of their mail, as far as that is allowed: never a null reverse-path, never about a notice, and
 * without an operator only who is proven to be the sender. Thread-safe.
 */
public final class Notices {
    /** How long a notice is tried: of its end nobody would be told. */
    public static final Duration LIFETIME = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final NoticeSettings settings;
    private final DomainName hostName;
    private final MessageStore store;
    private final MessageIntake intake;
    private final Function<DomainName, Optional<NextHop>> nextHop;
    private final NoticeComposer composer;
    private final NoticeLimits limits;
    private final Clock clock;

    /**
     * Sends nothing by itself.
     *
     * @param directory of the spool
     * @param intake stores notices, and has them sent
     * @param nextHop of a domain's mail
     */
    public Notices(
            NoticeSettings settings,
            DomainName hostName,
            Path directory,
            MessageStore store,
            MessageIntake intake,
            Function<DomainName, Optional<NextHop>> nextHop,
            Clock clock) {
        this.settings = settings;
        this.hostName = hostName;
        this.store = store;
        this.intake = intake;
        this.nextHop = nextHop;
        this.composer = new NoticeComposer(hostName.text());
        this.limits = NoticeLimits.open(directory.resolve(NoticeLimits.FILE), clock);
        this.clock = clock;
    }

    /**
     * What came of a wish to tell a sender something.
     *
     * @param notice is on stable storage and will be sent; empty if nobody may be told
     * @param units it is about
     * @param refusal why nobody may be told, in a few words
     */
    public record Outcome(Optional<QueueId> notice, List<Unit> units, String refusal) {
        public Outcome {
            units = List.copyOf(units);
        }

        private static Outcome refused(String why) {
            return new Outcome(Optional.empty(), List.of(), why);
        }
    }

    /**
     * Notices must have a way out.
     *
     * @throws IllegalArgumentException if there is none, in one sentence
     */
    public void requireRelay() {
        if (settings.relay().isEmpty()) {
            throw new IllegalArgumentException(
                    "Nothing can be returned, because notices to senders have no way out: set"
                            + " spool.returnRelay to the mail server that takes them.");
        }
    }

    /** True if a domain's mail has notices that no operator orders. */
    public boolean tells(NoticePolicy policy) {
        return settings.relay().isPresent() && settings.policies().containsValue(policy);
    }

    /**
     * An operator gives a message back.
     *
     * @param units those that are given back; what their sender wants to hear nothing about is left out
     * @throws SpoolException if the notice cannot be stored
     */
    public Outcome returned(QueuedMessage message, List<Unit> units) {
        OriginalMessage original = OriginalMessage.read(store.content(message.id()));
        Optional<String> refusal = Eligibility.refusal(message, original);
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        List<Unit> told = wanting(units, "FAILURE");
        if (told.isEmpty()) {
            return Outcome.refused("its sender wants no notice of failure (NOTIFY)");
        }
        return send(message, original, told, statuses(told));
    }

    /** A message has expired: it is given back if that is wanted for all units, and allowed without an operator. */
    public Outcome expired(QueuedMessage message, List<Unit> units) {
        return unasked(message, units, "FAILURE", NoticePolicy.EXPIRED, NoticePolicy.ALL)
                .map(original -> send(message, original, units, statuses(units)))
                .orElseGet(() -> Outcome.refused("not without an operator"));
    }

    /**
     * A message waits: its sender is told if that is wanted for all units, and allowed.
     *
     * @param triedUntil when it expires
     */
    public Outcome delayed(QueuedMessage message, List<Unit> units, Instant triedUntil) {
        return unasked(message, units, "DELAY", NoticePolicy.ALL)
                .map(original -> send(
                        message,
                        original,
                        units,
                        units.stream()
                                .map(unit -> RecipientStatus.delayed(unit, remote(unit), triedUntil))
                                .toList()))
                .orElseGet(() -> Outcome.refused("not allowed"));
    }

    /** The message, if its sender may be told without an operator, which is then counted. */
    private Optional<OriginalMessage> unasked(
            QueuedMessage message, List<Unit> units, String what, NoticePolicy... policies) {
        List<NoticePolicy> wanted = List.of(policies);
        boolean all = units.stream()
                .allMatch(unit ->
                        wanted.contains(settings.policy(unit.recipient().path().domainName())));
        Optional<Mailbox> sender = message.reversePath().mailbox();
        // Cheapest first; a forged sender must not even cost a look at the content.
        if (!all
                || units.isEmpty()
                || settings.relay().isEmpty()
                || sender.isEmpty()
                || wanting(units, what).size() < units.size()
                || !settings.proof().isProven(message)) {
            return Optional.empty();
        }
        OriginalMessage original = OriginalMessage.read(store.content(message.id()));
        boolean allowed = Eligibility.refusal(message, original)
                        .or(() -> Eligibility.refusalUnasked(sender.get(), original))
                        .isEmpty()
                && limits.take(sender.get());
        return allowed ? Optional.of(original) : Optional.empty();
    }

    private static List<Unit> wanting(List<Unit> units, String what) {
        return units.stream()
                .filter(unit -> Eligibility.wants(unit.recipient(), what))
                .toList();
    }

    private List<RecipientStatus> statuses(List<Unit> units) {
        return units.stream()
                .map(unit -> RecipientStatus.failed(unit, remote(unit)))
                .toList();
    }

    private Optional<String> remote(Unit unit) {
        return unit.recipient().path().domainName().flatMap(nextHop).map(NextHop::dnsName);
    }

    private Outcome send(
            QueuedMessage message, OriginalMessage original, List<Unit> units, List<RecipientStatus> statuses) {
        Mailbox sender = message.reversePath().mailbox().orElseThrow();
        boolean internationalized = message.parameters().has("SMTPUTF8") || sender.isInternationalized();
        Instant now = clock.instant();
        byte[] content = composer.compose(sender, message, original, statuses, internationalized, now);
        MessageDraft draft = intake.begin(
                envelope(sender, internationalized, OriginalMessage.isEightBit(content)),
                Origin.ofNotice(hostName.text(), now));
        draft.write(content, 0, content.length);
        CommitResult result = draft.commit();
        if (result != CommitResult.STORED) {
            throw new SpoolException("The notice about " + message.id() + " cannot be stored: "
                    + store.health().detail());
        }
        LOG.info("{}: notice {} to <{}> nrcpt={}", message.id(), draft.id(), sender, units.size());
        return new Outcome(Optional.of(draft.id()), units, "");
    }

    /** RFC 3461 section 6.1: nobody is told about a notice. */
    private static Envelope envelope(Mailbox sender, boolean internationalized, boolean eightBit) {
        EsmtpParameters parameters = EsmtpParameters.NONE.with("BODY", eightBit ? "8BITMIME" : "7BIT");
        return new Envelope(
                ReversePath.NULL,
                internationalized ? parameters.with("SMTPUTF8", "") : parameters,
                List.of(new Recipient(ForwardPath.of(sender), EsmtpParameters.NONE.with("NOTIFY", "NEVER"))));
    }
}
