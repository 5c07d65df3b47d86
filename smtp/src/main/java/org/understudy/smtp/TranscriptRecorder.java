package org.understudy.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a {@link Transcript} as the session goes on. Confined to the session's thread. */
final class TranscriptRecorder {

    private static final int MAX_LINE_LENGTH = 1000;
    // RFC 4954 section 4: an initial response may follow the mechanism.
    private static final Pattern AUTH = Pattern.compile("(?i)^(AUTH) .*");
    private static final Pattern XCLIENT_LOGIN = Pattern.compile("(?i)(\\sLOGIN=)\\S*");
    private static final Pattern XCLIENT = Pattern.compile("(?i)^XCLIENT\\b.*");

    private final long opened = System.nanoTime();
    private final List<Transcript.Line> lines = new ArrayList<>();
    private final Map<SmtpStage, Duration> phases = new EnumMap<>(SmtpStage.class);
    private int dropped;

    void client(String command) {
        add(Transcript.Speaker.CLIENT, mask(command));
    }

    void server(Reply reply) {
        List<String> text = reply.lines();
        for (int i = 0; i < text.size(); i++) {
            String separator = i < text.size() - 1 ? "-" : " ";
            add(Transcript.Speaker.SERVER, reply.code() + separator + text.get(i));
        }
    }

    void note(String remark) {
        add(Transcript.Speaker.NOTE, remark);
    }

    /** Adds the time since {@code startNanos}, a value of {@link System#nanoTime()}, to the stage. */
    void spent(SmtpStage stage, long startNanos) {
        phases.merge(stage, Duration.ofNanos(System.nanoTime() - startNanos), Duration::plus);
    }

    Transcript transcript() {
        if (dropped == 0) {
            return new Transcript(lines, phases);
        }
        List<Transcript.Line> all = new ArrayList<>(lines);
        all.add(line(Transcript.Speaker.NOTE, dropped + " more lines were not kept"));
        return new Transcript(all, phases);
    }

    private void add(Transcript.Speaker speaker, String text) {
        if (lines.size() >= Transcript.MAX_LINES - 1) {
            dropped++;
            return;
        }
        lines.add(line(speaker, text));
    }

    private Transcript.Line line(Transcript.Speaker speaker, String text) {
        String shown = text.length() > MAX_LINE_LENGTH ? text.substring(0, MAX_LINE_LENGTH) + "..." : text;
        return new Transcript.Line(Duration.ofNanos(System.nanoTime() - opened), speaker, shown);
    }

    private static String mask(String command) {
        if (XCLIENT.matcher(command).matches()) {
            return XCLIENT_LOGIN.matcher(command).replaceAll("$1****");
        }
        return AUTH.matcher(command).replaceFirst("$1 ****");
    }
}
