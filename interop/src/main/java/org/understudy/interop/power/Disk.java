package org.understudy.interop.power;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.understudy.interop.recording.SystemCall;

/**
 * A disk as POSIX promises one and not more: content is certain by a sync of its file, a name by a sync of its directory.
 * Replays calls; says at any place what could be found after a power loss. Confined to one thread.
 */
final class Disk {
    private final Path base;
    private final Predicate<String> obeys;
    private final StoredDirectory root = new StoredDirectory();
    private final Map<Integer, OpenFile> descriptors = new HashMap<>();
    private final List<NameChange> pending = new ArrayList<>();
    private int syncs;

    /**
     * @param base all below it is on the disk, and it is there from the beginning
     * @param obeys of which paths, seen from the base, a sync has an effect: a disk that is not honest shows what would be found
     *     if the store did not sync them
     */
    Disk(Path base, Predicate<String> obeys) {
        this.base = base;
        this.obeys = obeys;
    }

    private static final class OpenFile {
        final Node node;
        final String path;
        final boolean writesOnly;
        final boolean appends;
        long position;

        OpenFile(Node node, String path, String flags) {
            this.node = node;
            this.path = path;
            this.writesOnly = flags.contains("O_WRONLY");
            this.appends = flags.contains("O_APPEND");
        }
    }

    /** A name in a directory. */
    private record Place(StoredDirectory directory, String name) {}

    /**
     * Something comes to a name, or goes from one, or both at once.
     *
     * @param unsynced directories that must be synced before it is certain
     */
    private record NameChange(
            SystemCall call, @Nullable Place from, @Nullable Place to, Node node, Set<StoredDirectory> unsynced) {

        void apply(Map<StoredDirectory, Map<String, Node>> names) {
            if (from != null) {
                Map<String, Node> source = names.computeIfAbsent(from.directory, d -> new TreeMap<>(d.durable));
                if (source.get(from.name) != node) {
                    return;
                }
                source.remove(from.name);
            }
            if (to != null) {
                names.computeIfAbsent(to.directory, d -> new TreeMap<>(d.durable))
                        .put(to.name, node);
            }
        }
    }

    /** A new process: nothing is open. */
    void restart() {
        descriptors.clear();
    }

    /** Syncs of something on this disk that have returned. */
    int syncs() {
        return syncs;
    }

    /** A call is entered: from here on it may have taken effect. */
    void begin(SystemCall call) {
        switch (call.name()) {
            case "openat" -> create(call, path(call, 1), call.words(2));
            case "creat" -> create(call, path(call, 0), "O_CREAT|O_TRUNC");
            case "write" -> append(call);
            case "pwrite64" -> write(call, call.number(3));
            case "ftruncate" -> setLength(call);
            case "mkdir" -> link(call, path(call, 0), new StoredDirectory());
            case "unlink", "rmdir" -> change(call, path(call, 0), null);
            case "rename" -> change(call, path(call, 0), path(call, 1));
            case "close" -> descriptors.remove((int) call.number(0));
            case "mmap" -> refuseSharedWrites(call);
            default -> refuse(call);
        }
    }

    /** A call has returned: a sync has now done what it does. */
    void end(SystemCall call) {
        if (call.result() < 0) {
            return;
        }
        switch (call.name()) {
            case "openat" -> opened(call, path(call, 1), call.words(2));
            case "creat" -> opened(call, path(call, 0), "O_WRONLY");
            case "fsync", "fdatasync" -> synced(call);
            case "dup" -> {
                OpenFile file = descriptors.get((int) call.number(0));
                if (file != null) {
                    descriptors.put((int) call.result(), file);
                }
            }
            case "lseek" -> {
                OpenFile file = descriptors.get((int) call.number(0));
                if (file != null) {
                    file.position = call.result();
                }
            }
            default -> {}
        }
    }

    /** True for a sync of something on this disk that takes effect. */
    boolean isSync(SystemCall call) {
        return (call.name().equals("fsync") || call.name().equals("fdatasync"))
                && call.result() == 0
                && !call.isInjected()
                && descriptors.containsKey((int) call.number(0));
    }

    private static byte[] slice(SystemCall call) {
        byte[] octets = call.octets(1);
        return call.end() == SystemCall.NEVER || call.result() == octets.length
                ? octets
                : Arrays.copyOf(octets, (int) Math.max(0, call.result()));
    }

    private void append(SystemCall call) {
        OpenFile file = file(call);
        if (file == null || !call.mayHaveTakenEffect()) {
            return;
        }
        if (!file.writesOnly) {
            throw new IllegalStateException("not modelled: where a file that is also read is written: " + call);
        }
        StoredFile stored = (StoredFile) file.node;
        long at = file.appends ? stored.length() : file.position;
        byte[] octets = slice(call);
        stored.write(call, at, octets);
        file.position = at + octets.length;
    }

    private void write(SystemCall call, long offset) {
        OpenFile file = file(call);
        if (file != null && call.mayHaveTakenEffect()) {
            ((StoredFile) file.node).write(call, offset, slice(call));
        }
    }

    private void setLength(SystemCall call) {
        OpenFile file = file(call);
        if (file != null && call.mayHaveTakenEffect()) {
            ((StoredFile) file.node).setLength(call, call.number(1));
        }
    }

    private @Nullable OpenFile file(SystemCall call) {
        OpenFile file = descriptors.get((int) call.number(0));
        if (file == null && isOurs(call, 0)) {
            throw new IllegalStateException("not modelled: how this file was opened: " + call);
        }
        return file;
    }

    private void synced(SystemCall call) {
        OpenFile file = descriptors.get((int) call.number(0));
        if (file == null || call.isInjected()) {
            return;
        }
        syncs++;
        if (!obeys.test(file.path)) {
            return;
        }
        if (file.node instanceof StoredFile stored) {
            stored.synced(call);
        } else if (file.node instanceof StoredDirectory directory) {
            namesSynced(call, directory);
        }
    }

    private void namesSynced(SystemCall sync, StoredDirectory directory) {
        for (Iterator<NameChange> changes = pending.iterator(); changes.hasNext(); ) {
            NameChange change = changes.next();
            if (change.call.end() < sync.begin() && change.unsynced.remove(directory) && change.unsynced.isEmpty()) {
                Map<StoredDirectory, Map<String, Node>> names = new HashMap<>();
                change.apply(names);
                names.forEach((changed, now) -> {
                    changed.durable.clear();
                    changed.durable.putAll(now);
                });
                changes.remove();
            }
        }
    }

    private void create(SystemCall call, @Nullable String path, String flags) {
        Place place = place(path);
        if (place == null || !call.mayHaveTakenEffect()) {
            return;
        }
        Node there = place.directory.current.get(place.name);
        if (there == null && flags.contains("O_CREAT")) {
            link(call, path, new StoredFile(place.name.endsWith("-shm")));
        } else if (there instanceof StoredFile file && flags.contains("O_TRUNC")) {
            file.setLength(call, 0);
        }
    }

    private void opened(SystemCall call, @Nullable String path, String flags) {
        Node node = node(path);
        if (path != null && node != null) {
            descriptors.put(
                    (int) call.result(),
                    new OpenFile(node, base.relativize(Path.of(path)).toString(), flags));
        }
    }

    private void link(SystemCall call, @Nullable String path, Node node) {
        Place place = place(path);
        if (place != null && call.mayHaveTakenEffect()) {
            place.directory.current.put(place.name, node);
            pending.add(new NameChange(call, null, place, node, new HashSet<>(List.of(place.directory))));
        }
    }

    /** @param to null to delete */
    private void change(SystemCall call, @Nullable String from, @Nullable String to) {
        Place source = place(from);
        Place target = place(to);
        if (source == null || !call.mayHaveTakenEffect()) {
            return;
        }
        Node node = source.directory.current.remove(source.name);
        if (node == null) {
            throw new IllegalStateException("not modelled: where this came from: " + call);
        }
        Set<StoredDirectory> unsynced = new HashSet<>(List.of(source.directory));
        if (target != null) {
            target.directory.current.put(target.name, node);
            unsynced.add(target.directory);
        }
        pending.add(new NameChange(call, source, target, node, unsynced));
    }

    private void refuseSharedWrites(SystemCall call) {
        boolean shared = call.words(3).contains("MAP_SHARED") && call.words(2).contains("PROT_WRITE");
        OpenFile file = shared && !call.words(4).startsWith("-1") ? descriptors.get((int) call.number(4)) : null;
        if (file != null && !(file.node instanceof StoredFile stored && stored.isSharedMemory())) {
            throw new IllegalStateException("not modelled: writing through memory: " + call);
        }
    }

    /** A call that writes in a way that this model does not know must not go by unseen. */
    private void refuse(SystemCall call) {
        boolean harmless = Set.of("fsync", "fdatasync", "lseek", "dup").contains(call.name());
        for (int i = 0; !harmless && i < 4; i++) {
            boolean named = call.text(i).startsWith(base.toString());
            if (named || isOurs(call, i)) {
                throw new IllegalStateException("not modelled: " + call);
            }
        }
    }

    /** True for a descriptor that strace prints with a path below the base. */
    private boolean isOurs(SystemCall call, int argument) {
        return call.path(argument).startsWith(base + "/");
    }

    private static String path(SystemCall call, int argument) {
        return call.text(argument);
    }

    private @Nullable Place place(@Nullable String path) {
        if (path == null || !path.startsWith(base + "/")) {
            return null;
        }
        Path relative = base.relativize(Path.of(path).normalize());
        Path parent = relative.getParent();
        Node directory = parent == null ? root : node(base.resolve(parent).toString());
        return directory instanceof StoredDirectory known
                ? new Place(known, relative.getFileName().toString())
                : null;
    }

    private @Nullable Node node(@Nullable String path) {
        if (path != null && Path.of(path).equals(base)) {
            return root;
        }
        Place place = place(path);
        return place == null ? null : place.directory.current.get(place.name);
    }

    /** What is on the disk if the power goes now: each path below the base, with no content for a directory. */
    SortedMap<String, @Nullable Image> state(Choice choice) {
        Map<StoredDirectory, Map<String, Node>> names = new HashMap<>();
        for (NameChange change : pending) {
            if (choice.name()) {
                change.apply(names);
            }
        }
        SortedMap<String, @Nullable Image> found = new TreeMap<>();
        collect("", root, names, choice, found);
        return found;
    }

    private static void collect(
            String prefix,
            StoredDirectory directory,
            Map<StoredDirectory, Map<String, Node>> names,
            Choice choice,
            SortedMap<String, @Nullable Image> found) {
        names.getOrDefault(directory, directory.durable).forEach((name, node) -> {
            if (node instanceof StoredFile file) {
                found.put(prefix + name, file.image(choice));
            } else if (node instanceof StoredDirectory below) {
                found.put(prefix + name, null);
                collect(prefix + name + "/", below, names, choice, found);
            }
        });
    }
}
