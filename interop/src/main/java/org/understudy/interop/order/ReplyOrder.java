package org.understudy.interop.order;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.understudy.interop.order.Pattern.Kind;
import org.understudy.interop.order.WrittenFile.Written;
import org.understudy.interop.recording.Recording;
import org.understudy.interop.recording.SystemCall;
import org.understudy.spool.QueueId;

/** Reads from a recording alone whether each 250 left after the syncs that it needs. Used once. */
final class ReplyOrder {
    private static final java.util.regex.Pattern QUEUED =
            java.util.regex.Pattern.compile("250 2\\.0\\.0 Ok: queued as ([0-9A-Z]{6,32})");
    private static final String LOG = "index.db-wal";

    private final String directory;
    private final Map<Long, List<Pattern>> patterns = new HashMap<>();
    private final Map<String, WrittenFile> files = new HashMap<>();
    private final Map<String, List<SystemCall>> syncs = new HashMap<>();
    private final Map<String, SystemCall> created = new HashMap<>();
    private final Map<String, SystemCall> renamed = new HashMap<>();
    private final Map<QueueId, SystemCall> replies = new LinkedHashMap<>();

    /**
     * Reads a recording.
     *
     * @param directory of the spool
     * @param sought by which messages are known again
     */
    ReplyOrder(Recording recording, String directory, Collection<Pattern> sought) {
        this.directory = directory;
        sought.forEach(p ->
                patterns.computeIfAbsent(p.octets(), o -> new ArrayList<>()).add(p));
        recording.moments().stream()
                .filter(Recording.Moment::isBegin)
                .map(Recording.Moment::call)
                .filter(SystemCall::mayHaveTakenEffect)
                .forEach(this::see);
    }

    private void see(SystemCall call) {
        switch (call.name()) {
            case "write", "sendto", "pwrite64" -> write(call);
            case "fsync", "fdatasync" -> {
                if (call.result() == 0 && !call.isInjected()) {
                    syncs.computeIfAbsent(call.path(0), p -> new ArrayList<>()).add(call);
                }
            }
            case "openat" -> {
                if (call.words(2).contains("O_CREAT")) {
                    created.putIfAbsent(call.text(1), call);
                }
            }
            case "rename" -> renamed.put(call.text(0), call);
            default -> {}
        }
    }

    private void write(SystemCall call) {
        String path = call.path(0);
        if (!path.startsWith(directory + "/")) {
            Matcher queued = QUEUED.matcher(new String(call.octets(1), StandardCharsets.ISO_8859_1));
            while (queued.find()) {
                replies.put(new QueueId(queued.group(1)), call);
            }
            return;
        }
        WrittenFile file = files.computeIfAbsent(path, p -> new WrittenFile(p.endsWith(LOG)));
        if (call.name().equals("pwrite64")) {
            file.write(call, call.number(3), octets -> patterns.getOrDefault(octets, List.of()));
        } else {
            file.append(call, octets -> patterns.getOrDefault(octets, List.of()));
        }
    }

    /** The calls by which each 250 left. */
    Map<QueueId, SystemCall> replies() {
        return replies;
    }

    /** What a 250 left without: empty if nothing. */
    List<String> missing(QueueId id, boolean hasEnd) {
        SystemCall reply = replies.get(id);
        if (reply == null) {
            return List.of("no 250 for " + id + " was recorded");
        }
        List<String> missing = new ArrayList<>();
        String large = directory + "/large/" + id + ".tmp";
        boolean isLarge = created.containsKey(large);
        Optional<String> segment = holder(".seg", new Sought(Kind.ID_TEXT, id));
        if (segment.isEmpty()) {
            missing.add("a write of its record into a segment");
        } else {
            requireSynced(segment.get(), new Sought(Kind.ID_TEXT, id), reply, missing);
            if (hasEnd && !isLarge) {
                requireSynced(segment.get(), new Sought(Kind.END_OF_CONTENT, id), reply, missing);
            }
            requireName(segment.get(), reply, missing);
        }
        if (isLarge) {
            requireSynced(large, new Sought(Kind.END_OF_CONTENT, id), reply, missing);
            SystemCall rename = renamed.get(large);
            if (rename == null || !isSynced(directory + "/large", rename.end(), reply)) {
                missing.add("a sync of the directory with the name of its file");
            }
        }
        requireSynced(directory + "/" + LOG, new Sought(Kind.ID_NUMBER, id), reply, missing);
        requireName(directory + "/" + LOG, reply, missing);
        return missing;
    }

    private record Sought(Kind kind, QueueId id) {
        Optional<Written> in(WrittenFile file) {
            return file.written().entrySet().stream()
                    .filter(e -> e.getKey().kind() == kind && e.getKey().id().equals(id))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    private Optional<String> holder(String suffix, Sought sought) {
        return files.entrySet().stream()
                .filter(e ->
                        e.getKey().endsWith(suffix) && sought.in(e.getValue()).isPresent())
                .map(Map.Entry::getKey)
                .min(String::compareTo);
    }

    private void requireSynced(String path, Sought sought, SystemCall reply, List<String> missing) {
        WrittenFile file = files.get(path);
        Optional<Written> written = file == null ? Optional.empty() : sought.in(file);
        if (written.isEmpty()) {
            missing.add("a write of its " + sought.kind() + " into " + path);
        } else if (!isSynced(path, written.get().end(), reply)) {
            missing.add("a sync of " + path + " behind the write of its " + sought.kind());
        }
    }

    /** A file that was made in this recording needs its name on the disk as well. */
    private void requireName(String path, SystemCall reply, List<String> missing) {
        SystemCall creation = created.get(path);
        String parent = path.substring(0, path.lastIndexOf('/'));
        if (creation != null && !isSynced(parent, creation.end(), reply)) {
            missing.add("a sync of the directory with the name of " + path);
        }
    }

    /** Whether a sync that began after a place had returned before a reply was begun. */
    private boolean isSynced(String path, int from, SystemCall reply) {
        return syncs.getOrDefault(path, List.of()).stream()
                .anyMatch(sync -> sync.begin() > from && sync.end() < reply.begin());
    }
}
