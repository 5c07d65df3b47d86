package org.understudy.agent.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class LabDnsTest {

    @TempDir
    private Path directory;

    private Lab lab;

    @BeforeEach
    void start() {
        lab = LabWorld.start(directory);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private List<String> exchangers() throws IOException {
        return data(LabWorld.ask(lab, "lab.test.", Type.MX, false), Section.ANSWER);
    }

    private static List<String> data(Message message, int section) {
        return message.getSection(section).stream()
                .filter(r -> r.getType() != Type.OPT)
                // Names may come back in the case of the question (RFC 4343 section 4.1).
                .map(r -> r.rdataToString().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    private long serial() throws IOException {
        Record soa = LabWorld.ask(lab, "lab.test.", Type.SOA, false)
                .getSection(Section.ANSWER)
                .get(0);
        return ((SOARecord) soa).getSerial();
    }

    @ParameterizedTest(name = "over TCP: {0}")
    @ValueSource(booleans = {false, true})
    void query_inZone_isAnsweredWithAuthority(boolean tcp) throws IOException {
        Message answer = LabWorld.ask(lab, "LAB.test.", Type.MX, tcp);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
        assertThat(data(answer, Section.ANSWER)).containsExactly("10 mx1.lab.test.", "20 mx2.lab.test.");
        assertThat(data(answer, Section.ADDITIONAL)).containsExactly("127.0.0.1", "127.0.0.1");
        assertThat(answer.getSection(Section.ANSWER)).allMatch(r -> r.getTTL() == 5);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"mx1.lab.test.", "mx2.lab.test.", "ns1.lab.test."})
    void query_hosts_haveTheLoopbackAddress(String host) throws IOException {
        assertThat(data(LabWorld.ask(lab, host, Type.A, false), Section.ANSWER)).containsExactly("127.0.0.1");
    }

    @Test
    void query_withoutRecursionDesired_isAnsweredAlike() throws IOException {
        Message query = Message.newQuery(
                Record.newRecord(org.xbill.DNS.Name.fromString("lab.test."), Type.NS, org.xbill.DNS.DClass.IN));
        query.getHeader().unsetFlag(Flags.RD);
        Message answer = new org.xbill.DNS.SimpleResolver(lab.addresses().dns()).send(query);

        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(data(answer, Section.ANSWER)).containsExactly("ns1.lab.test.");
    }

    @Test
    void query_whatIsNotThere_isToldApart() throws IOException {
        Message noType = LabWorld.ask(lab, "lab.test.", Type.TXT, false);
        assertThat(noType.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(noType.getSection(Section.ANSWER)).isEmpty();
        assertThat(noType.getSection(Section.AUTHORITY)).hasOnlyElementsOfType(SOARecord.class);

        Message noName = LabWorld.ask(lab, "_mta-sts.lab.test.", Type.TXT, false);
        assertThat(noName.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(noName.getSection(Section.AUTHORITY)).hasOnlyElementsOfType(SOARecord.class);

        assertThat(LabWorld.ask(lab, "example.org.", Type.MX, false).getRcode()).isEqualTo(Rcode.REFUSED);
    }

    @Test
    void switches_changeTheExchangersAndTheSerial() throws IOException {
        long before = serial();

        lab.invertPreferences();
        assertThat(exchangers()).containsExactly("10 mx2.lab.test.", "20 mx1.lab.test.");
        assertThat(serial()).isEqualTo(before + 1);

        lab.invertPreferences();
        assertThat(serial()).isEqualTo(before + 1);

        lab.restoreZone();
        assertThat(exchangers()).containsExactly("10 mx1.lab.test.", "20 mx2.lab.test.");
        assertThat(serial()).isEqualTo(before + 2);

        lab.dropBackup();
        assertThat(exchangers()).containsExactly("10 mx1.lab.test.");
        assertThat(serial()).isEqualTo(before + 3);
    }

    @Test
    void stopped_isSilentUntilStarted() throws IOException {
        lab.stopDns(true);
        assertThatThrownBy(() -> LabWorld.ask(lab, "lab.test.", Type.MX, false)).isInstanceOf(IOException.class);

        lab.stopDns(false);
        assertThat(exchangers()).hasSize(2);
    }
}
