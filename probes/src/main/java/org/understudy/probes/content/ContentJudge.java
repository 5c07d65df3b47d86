package org.understudy.probes.content;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.content.Answer.Kind;

/** Compares what a backup answered to samples with what the primary did. Immutable. */
record ContentJudge(Exchanger entrance, Exchanger backup, boolean deferralIsMeant, List<Answer> answers) {
    private static final String SOFT_REFUSALS = """
            # Postfix, on the backup: refusals for good become refusals for now
            soft_bounce = yes""";

    private static final String SAME_FILTERS = """
            # Understudy's spool
            spool:
              filtering:
                rspamd: http://127.0.0.1:11333
            # Postfix, on the backup
            smtpd_milters = inet:127.0.0.1:11332
            milter_default_action = tempfail
            soft_bounce = yes""";

    ContentJudge {
        answers = List.copyOf(answers);
    }

    /** Samples that something is found by. */
    List<Sample> suspects() {
        List<Sample> suspects = new ArrayList<>(refusedByBackupOnly());
        suspects.addAll(treatedOtherwise());
        return suspects;
    }

    /** Notes what is found, and what is worth knowing. */
    void judge(ResultBuilder result) {
        describe(result);
        unknown().ifPresent(result::unknown);
        List<Sample> refused = refusedByBackupOnly();
        if (!refused.isEmpty()) {
            result.finding(Finding.of(
                            FindingType.BACKUP_REJECTS_CONTENT_PRIMARY_ACCEPTS,
                            backup.host().text(),
                            "The backup " + backup.host() + " refuses for good what the " + word() + " "
                                    + entrance.host() + " takes: " + labels(refused),
                            evidence(refused))
                    .withFix(SOFT_REFUSALS));
        }
        List<Sample> otherwise = treatedOtherwise();
        if (!otherwise.isEmpty()) {
            result.finding(Finding.of(
                            FindingType.FILTER_PARITY_GAP,
                            backup.host().text(),
                            "The backup " + backup.host() + " and the " + word() + " " + entrance.host()
                                    + " do not filter alike: " + labels(otherwise),
                            evidence(otherwise))
                    .withFix(SAME_FILTERS));
        }
    }

    /** True if there is an answer to each sample that says something. */
    boolean isComplete() {
        return unknown().isEmpty();
    }

    /** Of content the primary takes, what the backup refuses for good. */
    private List<Sample> refusedByBackupOnly() {
        return Sample.all().stream()
                .filter(Sample::isBenign)
                .filter(sample -> is(entrance, sample, Kind.TAKEN) && is(backup, sample, Kind.REFUSED))
                .toList();
    }

    /**
     * Of content that filters are there for, what one takes and the other does not. What the backup puts off the primary gets to
     * judge: that is how it should be.
     */
    private List<Sample> treatedOtherwise() {
        if (!is(entrance, Sample.PLAIN, Kind.TAKEN) || !is(backup, Sample.PLAIN, Kind.TAKEN)) {
            // Whoever takes nothing, does not filter.
            return List.of();
        }
        return Sample.all().stream()
                .filter(sample -> !sample.isBenign())
                .filter(this::isTreatedOtherwise)
                .toList();
    }

    private boolean isTreatedOtherwise(Sample sample) {
        boolean keptOut = is(entrance, sample, Kind.REFUSED) || is(entrance, sample, Kind.PUT_OFF);
        boolean enters = keptOut && is(backup, sample, Kind.TAKEN);
        return enters || (is(entrance, sample, Kind.TAKEN) && is(backup, sample, Kind.REFUSED));
    }

    private void describe(ResultBuilder result) {
        for (Sample sample : Sample.all()) {
            Optional<Answer> theirs = answer(entrance, sample);
            Optional<Answer> ours = answer(backup, sample);
            if (theirs.isPresent() || ours.isPresent()) {
                result.fact(
                        sample.label() + ", " + backup.host(),
                        theirs.map(Answer::text).orElse("not asked") + " → "
                                + ours.map(Answer::text).orElse("not asked") + note(theirs, ours));
            }
        }
    }

    private String note(Optional<Answer> theirs, Optional<Answer> ours) {
        boolean puts = ours.filter(a -> a.is(Kind.PUT_OFF)).isPresent();
        if (!puts || theirs.filter(a -> a.is(Kind.TAKEN)).isEmpty()) {
            return "";
        }
        return deferralIsMeant ? ": put off while the primary is up, as is meant" : ": put off while the primary is up";
    }

    /** Why not everything can be told. */
    private Optional<String> unknown() {
        if (answer(entrance, Sample.PLAIN).isEmpty()) {
            return Optional.of("no samples have been answered yet");
        }
        if (!is(entrance, Sample.PLAIN, Kind.TAKEN)) {
            return Optional.of("the " + word() + " " + entrance.host() + " does not take a plain message from here: "
                    + text(entrance, Sample.PLAIN));
        }
        for (Exchanger exchanger : List.of(entrance, backup)) {
            for (Sample sample : Sample.all()) {
                Optional<Answer> answer = answer(exchanger, sample);
                boolean told = answer.filter(a -> !a.is(Kind.UNKNOWN)).isPresent();
                if (!told) {
                    return Optional.of("nothing is known of " + sample.label() + " at " + exchanger.host() + ": "
                            + answer.map(Answer::text).orElse("not asked"));
                }
            }
        }
        return Sample.all().stream()
                .filter(sample ->
                        sample.isBenign() && is(entrance, sample, Kind.PUT_OFF) && !is(backup, sample, Kind.TAKEN))
                .findFirst()
                .map(sample -> "the " + word() + " " + entrance.host() + " puts " + sample.label() + " off: "
                        + text(entrance, sample));
    }

    private boolean is(Exchanger exchanger, Sample sample, Kind kind) {
        return answer(exchanger, sample).filter(answer -> answer.is(kind)).isPresent();
    }

    private String text(Exchanger exchanger, Sample sample) {
        return answer(exchanger, sample).map(Answer::text).orElse("not asked");
    }

    private Optional<Answer> answer(Exchanger exchanger, Sample sample) {
        return answers.stream()
                .filter(answer -> answer.sample() == sample && answer.host().equals(exchanger.host()))
                .findFirst();
    }

    /** It may be a gateway. */
    private String word() {
        return entrance.role().word();
    }

    private static String labels(List<Sample> samples) {
        return samples.stream().map(Sample::label).collect(Collectors.joining(", "));
    }

    private Map<String, String> evidence(List<Sample> samples) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (Sample sample : samples) {
            evidence.put(sample.label() + " at " + entrance.host(), text(entrance, sample));
            evidence.put(sample.label() + " at " + backup.host(), text(backup, sample));
        }
        return evidence;
    }
}
