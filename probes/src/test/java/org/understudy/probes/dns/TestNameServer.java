package org.understudy.probes.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on one loopback address, over UDP and TCP, that answers from zone lines and breaks as it is told. */
public final class TestNameServer implements AutoCloseable {

    /** How it misbehaves. */
    public enum Fault {
        NONE,
        SILENT,
        SERVFAIL,
        REFUSED,
        WITHOUT_AUTHORITY,
        /** Says over UDP that the answer is too long. */
        TRUNCATED
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Record> records = new CopyOnWriteArrayList<>();
    private final List<Record> delegations = new CopyOnWriteArrayList<>();
    private final AtomicInteger overTcp = new AtomicInteger();
    public volatile Fault fault = Fault.NONE;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /** Listens on an address of 127/8; all servers of a test share a port. */
    TestNameServer(String address, int port) {
        try {
            InetAddress at = InetAddress.getAllByName(address)[0];
            udp = new DatagramSocket(new InetSocketAddress(at, port));
            tcp = new ServerSocket(udp.getLocalPort(), 10, at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("udp", this::serveUdp);
        start("tcp", this::serveTcp);
    }

    private static void start(String name, Runnable loop) {
        Thread thread = new Thread(loop, "test-dns-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
    }

    int answersOverTcp() {
        return overTcp.get();
    }

    /** Answers from these lines, of one zone or of several. */
    public TestNameServer zone(String... lines) {
        records.clear();
        records.addAll(parse(lines));
        return this;
    }

    /** Answers from these records, with their signatures for who asks for them. */
    TestNameServer records(List<Record> all) {
        records.clear();
        records.addAll(all);
        return this;
    }

    /** Answers SERVFAIL for one more name, absolute. */
    public TestNameServer failing(String name) {
        failing.add(name);
        return this;
    }

    List<Record> records() {
        return List.copyOf(records);
    }

    /** Refers questions at and below the owners of the NS records among these lines; the others are glue. */
    TestNameServer delegation(String... lines) {
        delegations.clear();
        delegations.addAll(parse(lines));
        return this;
    }

    private static List<Record> parse(String... lines) {
        List<Record> parsed = new ArrayList<>();
        try (Master master = new Master(new java.io.ByteArrayInputStream(
                (String.join("\n", lines) + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII)))) {
            for (Record r = master.nextRecord(); r != null; r = master.nextRecord()) {
                parsed.add(r);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parsed;
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), false);
                if (answer.length > 0) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] answer = answer(query, true);
                if (answer.length > 0) {
                    overTcp.incrementAndGet();
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            } catch (IOException e) {
                if (tcp.isClosed()) {
                    return;
                }
            }
        }
    }

    private byte[] answer(byte[] wire, boolean overTcp) throws IOException {
        if (fault == Fault.SILENT) {
            return new byte[0];
        }
        Message query = new Message(wire);
        Record question = query.getQuestion();
        Message response = new Message(query.getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.addRecord(question, Section.QUESTION);
        boolean fails =
                fault == Fault.SERVFAIL || failing.contains(question.getName().toString());
        if (fails || fault == Fault.REFUSED) {
            response.getHeader().setRcode(fails ? Rcode.SERVFAIL : Rcode.REFUSED);
            return response.toWire();
        }
        if (fault == Fault.TRUNCATED && !overTcp) {
            response.getHeader().setFlag(Flags.TC);
            return response.toWire();
        }
        List<Record> referral = delegations.stream()
                .filter(r -> r.getType() == Type.NS && question.getName().subdomain(r.getName()))
                .toList();
        if (!referral.isEmpty()) {
            referral.forEach(r -> response.addRecord(r, Section.AUTHORITY));
            delegations.stream()
                    .filter(r -> r.getType() != Type.NS)
                    .forEach(r -> response.addRecord(r, Section.ADDITIONAL));
            return response.toWire();
        }
        if (fault != Fault.WITHOUT_AUTHORITY) {
            response.getHeader().setFlag(Flags.AA);
        }
        fill(question, response);
        if (query.getOPT() != null && (query.getOPT().getFlags() & ExtendedFlags.DO) != 0) {
            addProof(question, response);
        }
        return response.toWire();
    }

    private void fill(Record question, Message response) {
        Name name = question.getName();
        boolean exists = records.stream().anyMatch(r -> r.getName().subdomain(name));
        if (!exists) {
            response.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        records.stream()
                .filter(r -> r.getName().equals(name) && r.getDClass() == DClass.IN)
                .filter(r -> r.getType() == question.getType() || r.getType() == Type.CNAME)
                .forEach(r -> response.addRecord(r, Section.ANSWER));
        if (!exists) {
            addFromWildcard(question, response);
        }
        List<Record> answer = response.getSection(Section.ANSWER);
        if (answer.size() == 1 && answer.get(0) instanceof CNAMERecord alias && question.getType() != Type.CNAME) {
            records.stream()
                    .filter(r -> r.getName().equals(alias.getTarget()) && r.getType() == question.getType())
                    .forEach(r -> response.addRecord(r, Section.ANSWER));
        }
        Name sought = sought(question, response);
        if (answer.isEmpty() || !sought.equals(name)) {
            // Who denies says for which zone (RFC 2308 section 3).
            records.stream()
                    .filter(r -> r.getType() == Type.SOA && sought.subdomain(r.getName()))
                    .max(Comparator.comparingInt(r -> r.getName().labels()))
                    .ifPresent(soa -> response.addRecord(soa, Section.AUTHORITY));
        }
    }

    /** RFC 4592: records of the asterisk one label up stand for every name there. */
    private void addFromWildcard(Record question, Message response) {
        Name asterisk = question.getName().wild(1);
        records.stream()
                .filter(r -> r.getName().equals(asterisk) && r.getType() == question.getType())
                .forEach(r -> {
                    response.getHeader().setRcode(Rcode.NOERROR);
                    response.addRecord(r.withName(question.getName()), Section.ANSWER);
                });
    }

    /** Signatures, and for what is not there the NSEC record of the name (RFC 4035 section 3.1). */
    private void addProof(Record question, Message response) {
        Name name = sought(question, response);
        if (response.getSection(Section.ANSWER).isEmpty() || !name.equals(question.getName())) {
            records.stream()
                    .filter(r -> r.getType() == Type.NSEC && r.getName().equals(name))
                    .forEach(r -> response.addRecord(r, Section.AUTHORITY));
            if (response.getRcode() == Rcode.NXDOMAIN) {
                // RFC 4035 section 3.1.3.2: neither the name is there nor an asterisk that could stand for it.
                denyBetween(name, response);
                denyBetween(asterisk(name), response);
            }
        }
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record signed : List.copyOf(response.getSection(section))) {
                records.stream()
                        .filter(r -> r instanceof RRSIGRecord s
                                && s.getName().equals(signed.getName())
                                && s.getTypeCovered() == signed.getType())
                        .filter(r -> !response.findRecord(r, section))
                        .forEach(r -> response.addRecord(r, section));
            }
        }
    }

    /** The name that was asked for, or the one that an alias leads to if there is nothing of it in the answer. */
    private static Name sought(Record question, Message response) {
        List<Record> answer = response.getSection(Section.ANSWER);
        return answer.size() == 1 && answer.get(0) instanceof CNAMERecord alias && question.getType() != Type.CNAME
                ? alias.getTarget()
                : question.getName();
    }

    private void denyBetween(Name name, Message response) {
        records.stream()
                .filter(r -> r instanceof NSECRecord nsec
                        && nsec.getName().compareTo(name) < 0
                        && (name.compareTo(nsec.getNext()) < 0 || nsec.getNext().compareTo(nsec.getName()) <= 0))
                .filter(r -> !response.findRecord(r, Section.AUTHORITY))
                .forEach(r -> response.addRecord(r, Section.AUTHORITY));
    }

    /** One label below the nearest ancestor that is there. */
    private Name asterisk(Name name) {
        Name wild = name.wild(1);
        for (int up = 2; up < name.labels(); up++) {
            Name ancestor = new Name(wild, 1);
            if (records.stream().anyMatch(r -> r.getName().subdomain(ancestor))) {
                return wild;
            }
            wild = name.wild(up);
        }
        return wild;
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
