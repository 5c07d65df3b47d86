package org.understudy.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Collects what is said. Confined to the session's thread. */
final class TranscriptRecorder {
    private static final int MAX_LINE = 1000;
    private static final Pattern SECRET = Pattern.compile("(?i)^(AUTH \\S+|XCLIENT\\b.*?\\bLOGIN=)(?:\\s|(?<==)).*");

    private final long opened = System.nanoTime();
    private final List<Transcript.Line> lines = new ArrayList<>();
    private final Map<SmtpStage, Duration> phases = new EnumMap<>(SmtpStage.class);

    void client(String line) {
        add(Transcript.Speaker.CLIENT, SECRET.matcher(line).replaceFirst("$1 ********"));
    }

    void server(String line) {
        add(Transcript.Speaker.SERVER, line);
    }

    void note(String line) {
        add(Transcript.Speaker.NOTE, line);
    }

    void spent(SmtpStage stage, long sinceNanos) {
        phases.merge(stage, Duration.ofNanos(System.nanoTime() - sinceNanos), Duration::plus);
    }

    /** A long-lived session keeps the beginning of what was said and forgets the rest. */
    private void add(Transcript.Speaker speaker, String text) {
        if (lines.size() < Transcript.MAX_LINES - 1) {
            lines.add(new Transcript.Line(Duration.ofNanos(System.nanoTime() - opened), speaker, printable(text)));
        } else if (lines.size() == Transcript.MAX_LINES - 1) {
            lines.add(new Transcript.Line(
                    Duration.ofNanos(System.nanoTime() - opened), Transcript.Speaker.NOTE, "the rest is left out"));
        }
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_LINE));
        for (int i = 0; i < text.length() && i < MAX_LINE; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                out.append(String.format("\\x%02x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    Transcript transcript() {
        return new Transcript(lines, phases);
    }
}
