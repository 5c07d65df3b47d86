package org.understudy.interop.recording;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One system call.
 *
 * <p>Between {@link #begin()} and {@link #end()} it may have taken effect or not; before the one it had not, after the other it
 * had.
 */
public final class SystemCall {
    /** The {@link #end()} of a call that the process did not live to see return. */
    public static final int NEVER = Integer.MAX_VALUE;

    private static final Pattern NUMBER = Pattern.compile("-?\\d+");

    private final int thread;
    private final String name;
    private final int begin;
    private final double beganAt;
    private List<Argument> arguments;
    private long result = -1;
    private boolean injected;
    private int end = NEVER;
    private double endedAt = Double.MAX_VALUE;

    /** What strace prints of an argument, and apart from it what stood between quotes, all together. */
    static final class Argument {
        private final String words;
        private final byte[] octets;

        Argument(String words, byte[] octets) {
            this.words = words;
            this.octets = octets;
        }
    }

    SystemCall(int thread, String name, List<Argument> arguments, int begin, double beganAt) {
        this.thread = thread;
        this.name = name;
        this.arguments = arguments;
        this.begin = begin;
        this.beganAt = beganAt;
    }

    /** @param more arguments that are known only when it returns */
    void end(List<Argument> more, long with, boolean byInjection, int at, double time) {
        if (!more.isEmpty()) {
            List<Argument> all = new ArrayList<>(arguments);
            all.addAll(more);
            arguments = all;
        }
        result = with;
        injected = byInjection;
        end = at;
        endedAt = time;
    }

    public int thread() {
        return thread;
    }

    public String name() {
        return name;
    }

    /** Place in the recording at which it was entered. */
    public int begin() {
        return begin;
    }

    /** Place at which it returned, or {@link #NEVER}. */
    public int end() {
        return end;
    }

    /** Seconds since 1970, if the recording has times. */
    public double beganAt() {
        return beganAt;
    }

    public double endedAt() {
        return endedAt;
    }

    /** Negative if it failed or never returned. */
    public long result() {
        return result;
    }

    /** True if it took effect, or may have: it returned without an error, or did not return. */
    public boolean mayHaveTakenEffect() {
        return end == NEVER || result >= 0;
    }

    /** True if it was not executed at all: strace only said to the process that it was. */
    public boolean isInjected() {
        return injected;
    }

    /** An argument as strace prints it, without what stands between quotes. */
    public String words(int argument) {
        return argument < arguments.size() ? arguments.get(argument).words : "";
    }

    /** What stands between the quotes of an argument. */
    public byte[] octets(int argument) {
        return argument < arguments.size() ? arguments.get(argument).octets : new byte[0];
    }

    public String text(int argument) {
        return new String(octets(argument), StandardCharsets.UTF_8);
    }

    /** A numerical argument; a file descriptor may have its path behind it. */
    public long number(int argument) {
        Matcher number = NUMBER.matcher(words(argument));
        if (!number.lookingAt()) {
            throw new IllegalStateException(this + ": argument " + argument + " is no number");
        }
        return Long.parseLong(number.group());
    }

    /** The path that strace puts behind a descriptor if told so (-y); empty if there is none. */
    public String path(int argument) {
        String word = words(argument);
        int from = word.indexOf('<');
        if (from < 0 || !word.startsWith("\\x", from + 1)) {
            return "";
        }
        String[] octets = word.substring(from + 3, word.indexOf('>', from)).split("\\\\x", -1);
        byte[] path = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            path[i] = (byte) Integer.parseInt(octets[i].substring(0, 2), 16);
        }
        return new String(path, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append('(');
        for (Argument argument : arguments) {
            text.append(argument.words);
            if (argument.octets.length > 0) {
                text.append('"')
                        .append(new String(
                                argument.octets, 0, Math.min(80, argument.octets.length), StandardCharsets.ISO_8859_1))
                        .append('"');
            }
            text.append(' ');
        }
        return text.append(") = ")
                .append(result)
                .append(" [")
                .append(begin)
                .append("..")
                .append(end)
                .append(']')
                .toString();
    }
}
