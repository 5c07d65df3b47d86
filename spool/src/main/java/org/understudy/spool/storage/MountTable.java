package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What file systems are mounted where, as Linux says it (proc_pid_mountinfo(5)). Immutable. */
final class MountTable {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final int POINT = 4;
    private static final int OPTIONS = 5;

    private final List<Mount> mounts;

    private MountTable(List<Mount> mounts) {
        this.mounts = List.copyOf(mounts);
    }

    /**
     * One mounted file system.
     *
     * @param options of the mount and of the file system
     */
    record Mount(Path point, String type, String source, Set<String> options) {
        Mount {
            options = Set.copyOf(options);
        }
    }

    static MountTable read() throws IOException {
        return parse(new String(Files.newInputStream(MOUNTS).readAllBytes(), StandardCharsets.UTF_8));
    }

    /** From lines like {@code 36 35 98:0 / /mnt rw,noatime master:1 - ext4 /dev/sda1 rw,errors=continue}. */
    static MountTable parse(String text) {
        List<Mount> mounts = new ArrayList<>();
        text.lines().forEach(line -> {
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ", -1);
            String[] system = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
            if (mount.length > OPTIONS && system.length >= 2) {
                List<String> options = new ArrayList<>(Arrays.asList(mount[OPTIONS].split(",", -1)));
                options.addAll(system.length < 3 ? List.of() : Arrays.asList(system[2].split(",", -1)));
                mounts.add(new Mount(
                        Path.of(unescape(mount[POINT])), system[0], unescape(system[1]), new HashSet<>(options)));
            }
        });
        return new MountTable(mounts);
    }

    private static String unescape(String text) {
        Matcher matcher = OCTAL.matcher(text);
        return matcher.replaceAll(
                m -> Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(m.group(1), 8))));
    }

    /** The one that a directory is on: the deepest, and of several at one place the last, which hides the others. */
    Optional<Mount> of(Path realPath) {
        Optional<Mount> best = Optional.empty();
        for (Mount mount : mounts) {
            boolean deeper = best.map(b -> mount.point.getNameCount() >= b.point.getNameCount())
                    .orElse(true);
            if (realPath.startsWith(mount.point) && deeper) {
                best = Optional.of(mount);
            }
        }
        return best;
    }
}
