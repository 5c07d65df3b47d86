package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;

/** What an operator sees and does of recipients, beside a running agent. */
class RecipientsIT {
    @TempDir
    Path directory;

    private String recipients(String... arguments) throws IOException, InterruptedException {
        List<String> command = AgentProcess.command("spool", "recipients");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new String(output, StandardCharsets.UTF_8);
    }

    private static String rcpt(AgentProcess agent, String localPart) {
        SmtpEndpoint endpoint = new SmtpEndpoint("mx2.lab.test", InetAddress.getLoopbackAddress(), agent.port(2525));
        try (SmtpSession session = SmtpSession.open(
                        endpoint,
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofSeconds(30)))
                .session()
                .orElseThrow()) {
            session.mail(ReversePath.of(new Mailbox("s", "sender.test")));
            return session.rcpt(new ForwardPath(localPart, Optional.of("lab.test")))
                    .reply()
                    .orElseThrow()
                    .toString();
        }
    }

    private static String explanation(AgentProcess agent, String address) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + agent.port(8080) + "/api/v1/recipients/" + address);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** A list decides, and no callout: the lab's primary takes almost any local part, and the spool finds that out. */
    private void configureList(AgentProcess agent) throws IOException {
        Path list = Files.writeString(directory.resolve("list"), "canary@lab.test\n");
        String configuration = Files.readString(agent.configuration());
        Files.writeString(
                agent.configuration(),
                configuration.replace(
                        "      tls: OPPORTUNISTIC\n",
                        "      tls: OPPORTUNISTIC\n      recipients: {complete: true, listFile: \"" + list + "\"}\n"));
    }

    @Test
    void unknown_explained_imported_listed_forgotten() throws Exception {
        try (AgentProcess agent = new AgentProcess(directory)) {
            configureList(agent);
            agent.start();
            assertThat(rcpt(agent, "unknown1")).startsWith("550 5.1.1");
            assertThat(rcpt(agent, "canary")).startsWith("250");
            assertThat(recipients("explain", "unknown1@lab.test")).contains("550 5.1.1", "not on the list", "complete");
            assertThat(explanation(agent, "unknown1@lab.test")).contains("\"reply\":\"550 5.1.1", "not on the list");
            assertThat(explanation(agent, "nonsense")).contains("is not an address", "400");

            Files.writeString(directory.resolve("addresses"), "# ours\nunknown1@lab.test\n");
            assertThat(recipients("import", "addresses")).contains("imported: 1");
            await().untilAsserted(() -> assertThat(rcpt(agent, "unknown1")).startsWith("250"));
            assertThat(recipients("list", "unknown1@lab.test")).contains("known    unknown1@lab.test", "imported by");
            assertThat(recipients("export")).contains("unknown1@lab.test\n");

            assertThat(recipients("forget", "Unknown1@lab.test")).contains("forgotten: 1");
            await().untilAsserted(() -> assertThat(rcpt(agent, "unknown1")).startsWith("550 5.1.1"));
        }
    }

    @Test
    void withoutASpool_orArguments_oneSentence() throws Exception {
        assertThat(recipients("list", "--directory", "nowhere"))
                .contains("nothing was learned")
                .hasLineCount(1);
        assertThat(recipients("forget", "--directory", "nowhere"))
                .contains("Say what to forget")
                .hasLineCount(1);
        assertThat(recipients("import", "--directory", "nowhere", "nofile"))
                .contains("does not exist")
                .hasLineCount(1);
    }
}
