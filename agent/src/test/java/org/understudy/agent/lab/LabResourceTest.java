package org.understudy.agent.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.TlsPolicy;
import org.xbill.DNS.Type;

@ExtendWith(DropwizardExtensionsSupport.class)
class LabResourceTest {

    @TempDir
    private static Path directory;

    private static Lab lab;

    private final ResourceExtension api =
            ResourceExtension.builder().addResource(() -> new LabResource(lab)).build();

    @BeforeAll
    static void start() {
        lab = LabWorld.start(directory);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    private JsonNode get(String path) {
        return api.target(path).request().get(JsonNode.class);
    }

    private JsonNode post(String path) {
        return api.target(path).request().post(Entity.text("")).readEntity(JsonNode.class);
    }

    @Test
    void state_tellsPortsAndSwitches() {
        JsonNode state = get("/lab");

        assertThat(state.at("/domain").asText()).isEqualTo("lab.test");
        assertThat(state.at("/ports/primarySmtp").asInt())
                .isEqualTo(lab.addresses().primarySmtp().getPort());
        assertThat(state.at("/dns/running").asBoolean()).isTrue();
        assertThat(state.at("/slack/answer").asText()).isEqualTo("ok");
    }

    @Test
    void switches_areTurnedAndTold() throws Exception {
        assertThat(post("/lab/primary/stop").at("/primary/running").asBoolean(true))
                .isFalse();
        assertThat(LabWorld.open(lab.addresses().primarySmtp(), TlsPolicy.NONE).session())
                .isEmpty();
        assertThat(post("/lab/primary/start").at("/primary/running").asBoolean())
                .isTrue();

        assertThat(post("/lab/dns/invert").at("/dns/inverted").asBoolean()).isTrue();
        assertThat(post("/lab/dns/drop-backup").at("/dns/backupDropped").asBoolean())
                .isTrue();
        assertThat(post("/lab/dns/restore").at("/dns/inverted").asBoolean(true)).isFalse();
        assertThat(post("/lab/dns/stop").at("/dns/running").asBoolean(true)).isFalse();
        assertThat(post("/lab/dns/start").at("/dns/running").asBoolean()).isTrue();
        assertThat(LabWorld.ask(lab, "lab.test.", Type.MX, false).getSection(1)).hasSize(2);

        assertThat(post("/lab/slack/rate-limited").at("/slack/answer").asText()).isEqualTo("rate-limited");
        assertThat(post("/lab/slack/failing").at("/slack/answer").asText()).isEqualTo("failing");
        assertThat(post("/lab/slack/ok").at("/slack/answer").asText()).isEqualTo("ok");
    }

    @Test
    void switches_unknown_are404WithTheKnownOnes() {
        try (Response answer = api.target("/lab/dns/explode").request().post(Entity.text(""))) {
            assertThat(answer.getStatus()).isEqualTo(404);
            assertThat(answer.getMediaType()).hasToString("application/problem+json");
            assertThat(answer.readEntity(String.class)).contains("invert, restore, drop-backup, stop, start");
        }
    }

    @Test
    void primaryMessages_arePagedAndServedAsTheyCame() throws Exception {
        for (int i = 0; i < 3; i++) {
            LabWorld.send(lab.addresses().primarySmtp(), "jo@lab.test", LabWorld.mail("m" + i));
        }

        JsonNode first = get("/lab/primary/messages").at("/messages/0");
        JsonNode rest = api.target("/lab/primary/messages")
                .queryParam("after", first.get("id").asText())
                .queryParam("limit", 2)
                .request()
                .get(JsonNode.class);
        assertThat(rest.get("messages")).hasSize(2);
        String id = rest.get("next").asText();
        assertThat(rest.at("/messages/1/id").asText()).isEqualTo(id);
        assertThat(rest.at("/messages/1/sha256BelowTrace").asText()).isEqualTo(LabWorld.sha256(LabWorld.mail("m2")));

        try (Response raw = api.target("/lab/primary/messages/" + id).request().get()) {
            assertThat(raw.getMediaType()).hasToString("message/rfc822");
            assertThat(raw.readEntity(byte[].class))
                    .isEqualTo(Files.readAllBytes(
                            lab.primary().messages().content(id).orElseThrow()));
        }
    }

    @Test
    void primaryMessage_thatIsNotThere_is404() {
        for (String id : new String[] {"0000000000000", "..%2Fswitches"}) {
            try (Response answer =
                    api.target("/lab/primary/messages/" + id).request().get()) {
                assertThat(answer.getStatus()).isEqualTo(404);
            }
        }
    }

    @Test
    void sinks_showWhatTheyTook() throws Exception {
        LabWorld.call(lab, "/hook", "{\"text\":\"hello\"}");
        LabWorld.send(lab.addresses().mailSink(), "ops@example.org", LabWorld.mail("alert"));

        assertThat(get("/lab/slack/messages").at("/0/payload/text").asText()).isEqualTo("hello");
        assertThat(get("/lab/mail/messages").at("/0/subject").asText()).isEqualTo("alert");
        assertThat(get("/lab/mail/messages").at("/0/recipients/0").asText()).isEqualTo("ops@example.org");
        assertThat(get("/lab/mail/messages").at("/0/text").asText()).isEqualTo(".Hello\r\n");
    }
}
