package org.understudy.agent.cli;

import java.util.List;

/** A command ends with an exit code other than 0, and perhaps with sentences that say why. */
public final class CommandEnded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> sentences;

    CommandEnded(int exitCode, List<String> sentences) {
        super(String.join(" ", sentences), null, false, false);
        this.exitCode = exitCode;
        this.sentences = List.copyOf(sentences);
    }

    CommandEnded(int exitCode, String sentence) {
        this(exitCode, List.of(sentence));
    }

    public int exitCode() {
        return exitCode;
    }

    List<String> sentences() {
        return sentences;
    }
}
