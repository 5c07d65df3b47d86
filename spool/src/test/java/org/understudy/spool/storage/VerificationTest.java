package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.SpoolFinding.Severity;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.VerifiedCounts;

/** Whatever is wrong in a spool's directory is found, and nothing else is reported. */
class VerificationTest extends VerifiedSpool {
    @Test
    void damagedMessage_isFound_restIsSound() throws Exception {
        List<QueueId> ids = three();
        flip(segment(0), recordOf(ids.get(1)) + 500);
        VerifiedCounts counts = verify();
        assertFindings(
                Severity.FAULT,
                "octets cannot be read; messages that wait for delivery lie there",
                "the message " + ids.get(1) + " cannot be read: its record is damaged or missing");
        assertThat(findings.get(1).where()).isEqualTo("segments/000000000001.seg at " + recordOf(ids.get(1)));
        assertThat(counts.messages()).isEqualTo(2);
    }

    @Test
    void damagedLastMessage_isFound() throws Exception {
        List<QueueId> ids = three();
        flip(segment(0), recordOf(ids.get(2)));
        verify();
        assertFindings(Severity.FAULT, "octets cannot be read", "the message " + ids.get(2) + " cannot be read");
    }

    @Test
    void damageWhereNothingLives_isAWarning() throws Exception {
        QueueId first = put(store(), envelope("a"), random(1000, 1));
        put(store(), envelope("a"), random(1000, 2));
        close();
        long record = recordOf(first);
        store().record(first, List.of(forwarded(0)));
        close();
        flip(segment(0), record + 200);
        verify();
        assertFindings(Severity.WARNING, "no message that waits for delivery lies there");
    }

    @Test
    void damagedOutcome_leavesItsMessageToTheIndex() throws Exception {
        QueueId first = put(store(), envelope("a"), random(1000, 1));
        put(store(), envelope("a"), random(1000, 2));
        long begin = number("SELECT position FROM ledger");
        store().record(first, List.of(forwarded(0)));
        put(store(), envelope("a"), random(1000, 2));
        close();
        flip(segment(0), begin + 30);
        verify();
        assertFindings(
                Severity.WARNING,
                "no message that waits for delivery lies there",
                "the message " + first + " is settled, but only the index knows it");
    }

    @Test
    void truncatedSegment_isFound() throws Exception {
        List<QueueId> ids = three();
        try (RandomAccessFile file = new RandomAccessFile(segment(0).toFile(), "rw")) {
            file.setLength(recordOf(ids.get(1)) - 5);
        }
        assertThat(verify().messages()).isEqualTo(1);
        assertFindings(
                Severity.FAULT,
                "octets cannot be read",
                "the message " + ids.get(1) + " cannot be read",
                "the message " + ids.get(2) + " cannot be read");
    }

    @Test
    void segmentGone_isFound() throws Exception {
        List<QueueId> ids = three();
        QueueId later = put(store(), envelope("a"), random(1000, 9));
        close();
        Files.delete(segment(0));
        assertThat(verify().messages()).isEqualTo(1);
        assertThat(findings).hasSize(3).allSatisfy(f -> assertThat(f.what()).contains("its segment is gone"));
        assertThat(findings).noneSatisfy(f -> assertThat(f.what()).contains(later.text()));
        assertThat(findings.get(0).what()).contains(ids.get(0).text());
    }

    @Test
    void segmentThatIsNone_isFound() throws Exception {
        List<QueueId> ids = three();
        flip(segment(0), 1);
        verify();
        assertThat(findings).hasSize(4).allSatisfy(f -> assertThat(f.severity()).isEqualTo(Severity.FAULT));
        assertThat(findings.get(0).what()).isEqualTo("it cannot be read: not a segment");
        assertThat(findings.get(3).what()).contains(ids.get(2).text());
    }

    @Test
    void largeFile_contentDamaged_isFound() throws Exception {
        flip(large(), LARGE / 2);
        assertThat(verify().largeFiles()).isZero();
        assertFindings(Severity.FAULT, "cannot be read: the stored content does not match its checksum");
    }

    @Test
    void largeFile_envelopeDamaged_isFound() throws Exception {
        flip(large(), 40);
        verify();
        assertFindings(Severity.FAULT, "cannot be read: its envelope, its end or its length is not what was stored");
    }

    @Test
    void largeFile_cutShort_isFound() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(large().toFile(), "rw")) {
            file.setLength(LARGE / 2);
        }
        verify();
        assertFindings(Severity.FAULT, "its envelope, its end or its length is not what was stored");
    }

    @Test
    void largeFile_gone_isFound() throws Exception {
        Files.delete(large());
        assertThat(verify().messages()).isEqualTo(2);
        assertFindings(Severity.FAULT, "the file is gone");
    }

    @Test
    void largeFile_thatNobodyAccepted_isALeftover() throws Exception {
        Path file = large();
        Files.copy(file, file.resolveSibling("0ZZZZZZZZZZZ.msg"));
        Files.copy(file, file.resolveSibling("0ZZZZZZZZZZZ.tmp"));
        verify();
        assertFindings(
                Severity.WARNING,
                "no message that was accepted has this file",
                "no message that was accepted has this file");
    }

    @Test
    void rowGone_isFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("DELETE FROM unit WHERE message = " + QueueIds.number(ids.get(1)));
        alterIndex("DELETE FROM message WHERE id = " + QueueIds.number(ids.get(1)));
        verify();
        assertFindings(
                Severity.FAULT,
                "the ledger does not add up: accepted 3, but queued 2",
                "the message " + ids.get(1) + " is not in the index, and no outcome says why");
    }

    @Test
    void rowAtTheWrongPlace_isFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("UPDATE message SET record = record + 1 WHERE id = " + QueueIds.number(ids.get(1)));
        assertThat(verify().messages()).isEqualTo(2);
        assertFindings(
                Severity.FAULT, "the message " + ids.get(1) + " cannot be read: its record is damaged or missing");
    }

    @Test
    void rowsThatSayOtherwise_areFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("UPDATE message SET size = size - 1 WHERE id = " + QueueIds.number(ids.get(0)));
        alterIndex("UPDATE message SET crc = crc + 1 WHERE id = " + QueueIds.number(ids.get(1)));
        alterIndex("UPDATE message SET envelope = 1 WHERE id = " + QueueIds.number(ids.get(2)));
        assertThat(verify().messages()).isZero();
        assertFindings(
                Severity.FAULT,
                "the record has 1000 octets of content, the index says 999",
                "the checksum of the content is not the one in the index",
                "the record is laid out otherwise than the index says");
    }

    @Test
    void unitsAndLedgerThatDoNotFit_areFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("INSERT INTO unit SELECT message, 1, domain, size, state, 0, 0, '', '' FROM unit WHERE message = "
                + QueueIds.number(ids.get(0)));
        alterIndex("UPDATE unit SET message = 1 WHERE message = " + QueueIds.number(ids.get(1)));
        verify();
        assertFindings(
                Severity.FAULT,
                "units of messages that are not there: 1",
                "messages of which every recipient is settled, but which are still there: 1",
                "the ledger does not add up",
                "the message has 1 recipients, and the index knows 2",
                "the message has 1 recipients, and the index knows 0");
    }

    @Test
    void indexDamaged_isFound_segmentsAreReadAllTheSame() throws Exception {
        List<QueueId> ids = three();
        long record = recordOf(ids.get(1));
        Path index = directory().resolve("index.db");
        for (long page = 4096; page < Files.size(index); page += 4096) {
            // How many entries it holds.
            flip(index, page + 3);
        }
        flip(segment(0), record + 500);
        assertThat(verify().records()).isEqualTo(3);
        assertThat(findings.get(0).where()).isEqualTo("index.db");
        assertThat(findings.get(0).what()).contains("damaged");
        assertThat(findings).anySatisfy(f -> assertThat(f.what()).contains("octets cannot be read"));
    }

    @Test
    void indexThatIsNone_isFound() throws Exception {
        three();
        Files.write(directory().resolve("index.db"), random(40_000, 5));
        assertThat(verify().records()).isEqualTo(4);
        assertFindings(Severity.FAULT, "index.db: the index is damaged");
    }

    @Test
    void indexMissing_isAWarning() throws Exception {
        three();
        Files.delete(directory().resolve("index.db"));
        assertThat(verify().records()).isEqualTo(4);
        assertFindings(Severity.WARNING, "index.db: there is no index");
        assertThat(directory().resolve("index.db")).doesNotExist();
    }

    @Test
    void setAsideAndOpenToOthers_areWarnings() throws Exception {
        three();
        Files.write(directory().resolve("corrupt").resolve("1-2.bin"), new byte[7]);
        Files.setPosixFilePermissions(
                directory().resolve("corrupt").resolve("1-2.bin"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(segment(0), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory().resolve("large"), PosixFilePermissions.fromString("rwxr-x---"));
        verify();
        assertFindings(
                Severity.WARNING,
                "segments/000000000001.seg: its permissions are rw-r--r-- and should be rw-------",
                "large: its permissions are rwxr-x--- and should be rwx------",
                "corrupt/: what could not be read was set aside here: 1 files, 7 octets");
    }

    @Test
    void noSpool_isOneSentence() throws IOException {
        assertThatThrownBy(() -> SpoolInspection.verify(temporary.resolve("nowhere"), findings::add))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> SpoolInspection.verify(temporary, findings::add))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("is not a spool");
        assertThat(temporary).isEmptyDirectory();
    }
}
