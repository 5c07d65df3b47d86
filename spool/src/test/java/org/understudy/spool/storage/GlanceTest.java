package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.MessageStores;
import org.understudy.spool.SpoolCondition;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.StorageSettings;

class GlanceTest {
    @TempDir
    Path temporary;

    private Path directory = Path.of("");

    @BeforeEach
    void makeStore() {
        directory = temporary.resolve("spool");
        MessageStores.embedded(new StorageSettings(directory, 256 * 1024, 1024 * 1024, 0), Clock.systemUTC())
                .close();
    }

    @Test
    void sound_hasNothingWrong() throws IOException {
        SpoolCondition condition = SpoolInspection.condition(directory);
        assertThat(condition.access()).isEmpty();
        assertThat(condition.setAside()).isEmpty();
        assertThat(condition.freeBytes())
                .isBetween(1L, Files.getFileStore(directory).getTotalSpace());
    }

    @Test
    void openToOthers_isSeen() throws IOException {
        Files.setPosixFilePermissions(directory.resolve("index.db"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(SpoolInspection.condition(directory).access())
                .singleElement()
                .satisfies(finding -> assertThat(finding.where()).isEqualTo("index.db"));
    }

    @Test
    void whatWasSetAside_isSeen() throws IOException {
        Files.writeString(directory.resolve("corrupt").resolve("1-81.bin"), "x");
        assertThat(SpoolInspection.condition(directory).setAside())
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("1 files"));
    }
}
