package org.understudy.agent.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** One JSON file for each domain in a directory. Confined to one thread. */
public final class AuditFiles {
    private final Path directory;
    private final ObjectMapper mapper;

    /** @throws IOException if the directory cannot be made */
    public AuditFiles(Path directory, ObjectMapper mapper) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.mapper = mapper;
    }

    /** Writes {@code DOMAIN.json}, all of it or nothing. */
    public void write(DomainAudit audit) {
        Path file = directory.resolve(audit.name() + ".json");
        Path draft = directory.resolve("." + audit.name() + ".json.part");
        try {
            mapper.writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), AuditDocument.of(audit));
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
