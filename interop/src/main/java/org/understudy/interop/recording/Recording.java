package org.understudy.interop.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.interop.recording.SystemCall.Argument;

/**
 * The calls of one or more processes that ran one after the other, as {@code strace -f -xx -s HUGE} wrote them down, with or
 * without {@code -ttt}. Immutable.
 *
 * <p>strace stops a thread when it enters a call and when it returns, and writes in the order of the stops. So of two calls the
 * one whose end stands before the begin of the other had really returned by then; for all else no order is known.
 *
 * @param moments each call twice: where it begins, and where it ends if it did
 * @param ends for each process how many moments there were when it had ended
 */
public record Recording(List<Moment> moments, List<Integer> ends) {
    /** The calls that must be recorded so that threads can be told from processes. */
    public static final String FORKS = "clone,clone3,fork,vfork";

    private static final Pattern FORK = Pattern.compile("(<\\.\\.\\. )?(clone|fork|vfork)");
    private static final Pattern CHILD = Pattern.compile("= (\\d+)$");
    private static final int LONGEST_FORK = 1000;

    /** A call is entered or returns. */
    public record Moment(SystemCall call, boolean isBegin) {}

    public Recording {
        moments = List.copyOf(moments);
        ends = List.copyOf(ends);
    }

    /**
     * Reads recordings of processes that followed each other.
     *
     * @throws IOException if one cannot be read or is not in the form asked for
     */
    public static Recording read(List<Path> files) throws IOException {
        Reader reader = new Reader();
        for (Path file : files) {
            reader.read(file);
            reader.ends.add(reader.moments.size());
        }
        return new Recording(reader.moments, reader.ends);
    }

    private static final class Reader {
        private final List<Moment> moments = new ArrayList<>();
        private final List<Integer> ends = new ArrayList<>();
        private final Map<Integer, SystemCall> open = new HashMap<>();

        void read(Path file) throws IOException {
            open.clear();
            Set<Integer> others = otherProcesses(file);
            lines(file, line -> {
                int thread = line.thread();
                if (!others.contains(thread)) {
                    line(line, thread);
                }
            });
        }

        /** Those that the process started: they have files of their own. */
        private static Set<Integer> otherProcesses(Path file) throws IOException {
            Set<Integer> others = new HashSet<>();
            Map<Integer, Boolean> makesThread = new HashMap<>();
            lines(file, line -> {
                int parent = line.thread();
                line.skipSpaces();
                String rest = line.octets.length < LONGEST_FORK ? line.text(line.at, line.octets.length) : "";
                if (FORK.matcher(rest).lookingAt()) {
                    if (!rest.startsWith("<")) {
                        makesThread.put(parent, rest.contains("CLONE_THREAD"));
                    }
                    Matcher child = CHILD.matcher(rest);
                    if (child.find() && (others.contains(parent) || !makesThread.getOrDefault(parent, false))) {
                        others.add(Integer.valueOf(child.group(1)));
                    }
                }
            });
            return others;
        }

        private interface LineUser {
            void use(Line line) throws IOException;
        }

        private static void lines(Path file, LineUser user) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] buffer = new byte[1 << 20];
                int filled = 0;
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer, filled, buffer.length - filled)) {
                    int scanned = filled;
                    filled += n;
                    int begin = 0;
                    for (int i = scanned; i < filled; i++) {
                        if (buffer[i] == '\n') {
                            user.use(new Line(Arrays.copyOfRange(buffer, begin, i)));
                            begin = i + 1;
                        }
                    }
                    System.arraycopy(buffer, begin, buffer, 0, filled - begin);
                    filled -= begin;
                    if (filled == buffer.length) {
                        buffer = Arrays.copyOf(buffer, 2 * buffer.length);
                    }
                }
            }
        }

        private void line(Line line, int thread) throws IOException {
            line.skipSpaces();
            double time = line.peekDigit() ? line.decimal() : 0;
            line.skipSpaces();
            if (line.startsWith("+++") || line.startsWith("---")) {
                return;
            }
            if (line.skip("<... ")) {
                line.word();
                line.require(" resumed>");
                SystemCall call = open.remove(thread);
                if (call == null) {
                    throw new IOException("a call is resumed that never began: " + line);
                }
                returned(call, line.arguments(), line, time);
                return;
            }
            String name = line.word();
            line.require("(");
            SystemCall call = new SystemCall(thread, name, line.arguments(), moments.size(), time);
            moments.add(new Moment(call, true));
            if (line.isUnfinished()) {
                open.put(thread, call);
            } else {
                returned(call, List.of(), line, time);
            }
        }

        private void returned(SystemCall call, List<Argument> more, Line line, double time) throws IOException {
            line.skip(")");
            line.skipSpaces();
            line.require("= ");
            if (line.startsWith("?")) {
                // The process was gone before it returned.
                return;
            }
            call.end(more, line.result(), line.contains("(INJECTED)"), moments.size(), time);
            moments.add(new Moment(call, false));
        }
    }

    /** A line and a place in it. */
    private static final class Line {
        private final byte[] octets;
        private int at;

        Line(byte[] octets) {
            this.octets = octets;
        }

        boolean startsWith(String text) {
            byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
            return at + wanted.length <= octets.length
                    && Arrays.equals(octets, at, at + wanted.length, wanted, 0, wanted.length);
        }

        boolean skip(String text) {
            boolean there = startsWith(text);
            at += there ? text.length() : 0;
            return there;
        }

        void require(String text) throws IOException {
            if (!skip(text)) {
                throw new IOException("\"" + text + "\" expected at " + at + " of: " + this);
            }
        }

        void skipSpaces() {
            while (at < octets.length && octets[at] == ' ') {
                at++;
            }
        }

        boolean peekDigit() {
            return at < octets.length && octets[at] >= '0' && octets[at] <= '9';
        }

        /** The thread that strace names first; 0 if it watched only one and names none. */
        int thread() throws IOException {
            return peekDigit() ? (int) number() : 0;
        }

        long number() throws IOException {
            int from = at;
            while (peekDigit()) {
                at++;
            }
            if (from == at) {
                throw new IOException("a number expected at " + at + " of: " + this);
            }
            return Long.parseLong(text(from, at));
        }

        double decimal() {
            int from = at;
            while (at < octets.length && octets[at] != ' ') {
                at++;
            }
            return Double.parseDouble(text(from, at));
        }

        /** The value behind the equals sign; for a pointer whether there is one. */
        long result() throws IOException {
            if (skip("0x")) {
                return 1;
            }
            boolean negative = skip("-");
            long value = number();
            return negative ? -value : value;
        }

        String word() {
            int from = at;
            while (at < octets.length && (Character.isLetterOrDigit(octets[at]) || octets[at] == '_')) {
                at++;
            }
            return text(from, at);
        }

        boolean isUnfinished() {
            return startsWith("<unfinished ...>") || startsWith("<detached ...>");
        }

        boolean contains(String text) {
            return text(at, octets.length).contains(text);
        }

        /** All up to the bracket that closes the call, or to the note that it is unfinished. */
        List<Argument> arguments() throws IOException {
            List<Argument> arguments = new ArrayList<>();
            StringBuilder words = new StringBuilder();
            ByteArrayOutputStream quoted = new ByteArrayOutputStream(0);
            boolean isQuoted = false;
            int depth = 0;
            while (true) {
                if (at >= octets.length) {
                    throw new IOException("the line is cut short: " + this);
                }
                if (isUnfinished()) {
                    break;
                }
                byte octet = octets[at];
                if (octet == '"') {
                    quoted(quoted);
                    isQuoted = true;
                    continue;
                }
                if (octet == ')' && depth == 0) {
                    break;
                }
                at++;
                if (octet == '(' || octet == '[' || octet == '{') {
                    depth++;
                } else if (octet == ')' || octet == ']' || octet == '}') {
                    depth--;
                }
                if (octet == ',' && depth == 0) {
                    add(arguments, words, quoted, isQuoted);
                    isQuoted = false;
                } else {
                    words.append((char) octet);
                }
            }
            add(arguments, words, quoted, isQuoted);
            return arguments;
        }

        private static void add(
                List<Argument> arguments, StringBuilder words, ByteArrayOutputStream quoted, boolean isQuoted) {
            String text = words.toString().strip();
            if (!text.isEmpty() || isQuoted) {
                arguments.add(new Argument(text, quoted.toByteArray()));
            }
            words.setLength(0);
            quoted.reset();
        }

        /** Octets in the form {@code "\x41\x42"}. */
        private void quoted(ByteArrayOutputStream into) throws IOException {
            int end = ++at;
            while (octets[end] != '"') {
                end += 4;
            }
            byte[] decoded = new byte[(end - at) / 4];
            for (int i = 0; i < decoded.length; i++, at += 4) {
                if (octets[at] != '\\' || octets[at + 1] != 'x') {
                    throw new IOException("strace was not told to write all strings in hexadecimal (-xx): " + this);
                }
                decoded[i] = (byte) ((digit(octets[at + 2]) << 4) | digit(octets[at + 3]));
            }
            into.write(decoded, 0, decoded.length);
            at++;
            if (startsWith("...")) {
                throw new IOException("strace cut a string, it needs a larger -s: " + this);
            }
        }

        private static int digit(byte octet) {
            return octet <= '9' ? octet - '0' : octet - 'a' + 10;
        }

        private String text(int from, int to) {
            return new String(octets, from, to - from, StandardCharsets.US_ASCII);
        }

        @Override
        public String toString() {
            return text(0, Math.min(200, octets.length));
        }
    }
}
