package org.understudy.agent.self;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/** Whether files that hold secrets can be read by every user of the machine. Thread-safe. */
public final class SecretFilesSelfCheck implements SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFilesSelfCheck.class);

    private final List<Path> files;

    public SecretFilesSelfCheck(Collection<Path> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public void look(ResultBuilder result) {
        Map<String, String> exposed = new TreeMap<>();
        for (Path file : files) {
            try {
                if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
                        && isReached(file.toAbsolutePath())) {
                    exposed.put(file.toString(), "every user of this machine may read it");
                }
            } catch (IOException | UnsupportedOperationException e) {
                LOG.debug("the mode of {} cannot be found out: {}", file, e.getMessage());
            }
        }
        if (!exposed.isEmpty()) {
            result.finding(Finding.of(
                            FindingType.AGENT_SECRET_EXPOSED_OR_EXPIRING,
                            "files",
                            "Every user of this machine may read secrets in " + String.join(", ", exposed.keySet()),
                            exposed)
                    .withFix("chmod 600 " + String.join(" ", exposed.keySet())));
        }
    }

    /** A directory that others may not enter protects all that is below it. */
    private static boolean isReached(Path file) throws IOException {
        for (Path step = file.getParent(); step != null; step = step.getParent()) {
            if (!Files.getPosixFilePermissions(step).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }
}
