package org.understudy.agent.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.TransactionResult;

class LabCrashTest {
    private static final int MESSAGES = 20;

    @TempDir
    private Path directory;

    /** A process with a lab in it, to be killed. */
    static final class Victim {
        private Victim() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws InterruptedException {
            Lab lab = LabWorld.start(Path.of(arguments[0]));
            lab.dropBackup();
            System.out.println("PORT " + lab.addresses().primarySmtp().getPort());
            Thread.currentThread().join();
        }
    }

    private static int port(Process victim) throws IOException {
        BufferedReader said = victim.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("PORT ")) {
                return Integer.parseInt(line.substring(5));
            }
        }
        throw new IOException("the process has ended");
    }

    @Test
    void kill_afterMailWasAccepted_losesNothing() throws Exception {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        List<String> accepted = new ArrayList<>();
        try {
            InetSocketAddress smtp = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(victim));
            for (int i = 0; i < MESSAGES; i++) {
                String content = LabWorld.mail("m" + i);
                assertThat(LabWorld.send(smtp, "canary@lab.test", content).outcome())
                        .isEqualTo(TransactionResult.Outcome.ACCEPTED);
                accepted.add(LabWorld.sha256(content));
            }
        } finally {
            victim.destroyForcibly();
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        try (Lab lab = Lab.start(LabWorld.section(directory), Clock.systemUTC())) {
            assertThat(lab.primary().messages().page("", 100))
                    .extracting(StoredMessage::sha256BelowTrace)
                    .containsExactlyElementsOf(accepted);
            assertThat(LabWorld.inbox(lab)).hasSize(MESSAGES);
            assertThat(lab.switches().backupDropped()).isTrue();
        }
    }
}
