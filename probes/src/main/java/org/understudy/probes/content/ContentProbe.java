package org.understudy.probes.content;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.SampleDisposal;
import org.understudy.probes.canary.CanarySigner;
import org.understudy.probes.content.Answer.Kind;
import org.understudy.probes.content.storage.SampleLedger;
import org.understudy.probes.smtp.SmtpQuestioner;
import org.understudy.smtp.Deadline;

/**
 * Hands samples of content to the primary and to each backup, to the recipient of canaries only, and compares what they answer. Sends
 * once in its interval, and never twice within a day, whatever happens to the process; in between it tells what came of the last time.
 */
public final class ContentProbe extends DomainProbe {
    private static final Duration SHORTEST = Duration.ofDays(1);

    private final MailDomain mailDomain;
    private final CanarySettings settings;
    private final Tools tools;
    private final Duration interval;

    /**
     * What all probes of content share.
     *
     * @param signer signs samples, so that they are known again in the mailbox
     */
    public record Tools(
            SampleLedger ledger,
            CanarySigner signer,
            SmtpQuestioner questioner,
            AddressLookup addresses,
            SampleDisposal disposal) {}

    /** @param interval at which samples are sent; a shorter one than a day counts as a day */
    public ContentProbe(MailDomain domain, CanarySettings settings, Tools tools, Duration interval, Clock clock) {
        super("content", domain.name(), "samples", clock);
        this.mailDomain = domain;
        this.settings = settings;
        this.tools = tools;
        this.interval = interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval;
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        Optional<Exchanger> entrance = mailDomain.exchangers().stream()
                .filter(exchanger -> exchanger.role().isEntrance())
                .findFirst();
        List<Exchanger> backups = mailDomain.exchangers(Role.BACKUP);
        if (entrance.isEmpty() || backups.isEmpty()) {
            result.skip("there is no primary and backup to compare");
            return;
        }
        Instant now = clock().instant();
        Optional<Instant> due = due(entrance.get(), backups);
        boolean send = due.filter(now::isBefore).isEmpty();
        if (send) {
            tools.ledger().begin(domain(), now);
            send(result, entrance.get(), backups, deadline);
        }
        List<Answer> answers = answers();
        discard(answers);
        judges(entrance.get(), backups, answers).forEach(judge -> judge.judge(result));
        if (!send && !result.hasFindings() && !areComplete(entrance.get(), backups, answers)) {
            result.skip("the samples that were sent last did not tell everything; the next ones leave at "
                    + due.orElse(now));
        }
    }

    /** When samples may leave again; empty if none ever did. What could not be told is looked at again the day after. */
    private Optional<Instant> due(Exchanger entrance, List<Exchanger> backups) {
        return tools.ledger()
                .began(domain())
                .map(began -> began.plus(areComplete(entrance, backups, answers()) ? interval : SHORTEST));
    }

    private List<Answer> answers() {
        return tools.ledger().answers(domain()).stream().map(Answer::of).toList();
    }

    private List<ContentJudge> judges(Exchanger entrance, List<Exchanger> backups, List<Answer> answers) {
        boolean meant = mailDomain.intent().smtp().defersWhilePrimaryUp();
        return backups.stream()
                .map(backup -> new ContentJudge(entrance, backup, meant, answers))
                .toList();
    }

    private boolean areComplete(Exchanger entrance, List<Exchanger> backups, List<Answer> answers) {
        return judges(entrance, backups, answers).stream().allMatch(ContentJudge::isComplete);
    }

    private void send(ResultBuilder result, Exchanger entrance, List<Exchanger> backups, Deadline deadline) {
        List<Answer> theirs = offer(result, entrance, Sample.all(), share(deadline, backups.size() + 1));
        keep(theirs);
        boolean takesMail = theirs.stream().anyMatch(a -> a.sample() == Sample.PLAIN && a.is(Kind.TAKEN));
        if (!takesMail) {
            // With nothing to compare them with, the backup is spared.
            return;
        }
        int left = backups.size();
        for (Exchanger backup : backups) {
            List<Answer> ours = offer(result, backup, Sample.all(), share(deadline, left--));
            keep(ours);
            confirm(result, entrance, backup, deadline);
        }
    }

    private static Deadline share(Deadline deadline, int parts) {
        return Deadline.after(deadline.remaining().dividedBy(parts));
    }

    /** What would be found is asked a second time, of both: an answer that is another one then counts for nothing. */
    private void confirm(ResultBuilder result, Exchanger entrance, Exchanger backup, Deadline deadline) {
        List<Sample> suspects = new ContentJudge(entrance, backup, false, answers()).suspects();
        if (suspects.isEmpty()) {
            return;
        }
        Map<String, Answer> before = new LinkedHashMap<>();
        answers().forEach(answer -> before.put(key(answer), answer));
        List<Answer> again = new ArrayList<>(offer(result, entrance, suspects, deadline));
        again.addAll(offer(result, backup, suspects, deadline));
        keep(again.stream()
                .map(answer -> same(before.getOrDefault(key(answer), answer), answer))
                .toList());
        discard(again);
    }

    private static Answer same(Answer first, Answer second) {
        return first.is(second.kind())
                ? first
                : Answer.unknown(
                        second.host(),
                        second.sample(),
                        "answered differently when it was asked again: " + first.text() + ", then " + second.text());
    }

    private static String key(Answer answer) {
        return answer.host() + " " + answer.sample();
    }

    private List<Answer> offer(ResultBuilder result, Exchanger exchanger, List<Sample> samples, Deadline deadline) {
        String where = domain() + "/" + exchanger.host() + "/";
        Offer offer = new Offer(
                exchanger,
                samples,
                sample -> new SampleMessage(
                        tools.signer().sample(where + sample.name()), sample, exchanger.host(), settings),
                tools.questioner(),
                tools.addresses(),
                deadline);
        List<Answer> answers = offer.make();
        result.transcript(offer.transcript());
        return answers;
    }

    private void keep(List<Answer> answers) {
        tools.ledger().answered(domain(), answers.stream().map(Answer::stored).toList());
    }

    private void discard(List<Answer> answers) {
        answers.stream()
                .filter(answer -> !answer.queueId().isEmpty())
                .forEach(answer -> tools.disposal().discard(answer.host(), answer.queueId()));
    }
}
