package org.understudy.bench.domains;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** A resolver and two authoritative servers for every zone of the world, over UDP and TCP. Thread-safe. */
final class NameServers implements AutoCloseable {
    static final String RESOLVER = "127.0.0.1";
    private static final List<String> ADDRESSES = List.of(RESOLVER, "127.0.0.2", "127.0.0.3");
    private static final long TTL = 300;
    private static final int PAYLOAD = 1232;
    private static final int LARGEST = 65_535;

    private final World world;
    private final ExecutorService threads;
    private final List<Closeable> sockets = new ArrayList<>();
    private final AtomicLong questions = new AtomicLong();
    private volatile boolean closed;

    NameServers(World world, int port) throws IOException {
        this.world = world;
        this.threads = Executors.newCachedThreadPool();
        for (String address : ADDRESSES) {
            InetSocketAddress where = new InetSocketAddress(InetAddress.getByName(address), port);
            DatagramSocket udp = new DatagramSocket(where);
            ServerSocket tcp = new ServerSocket(port, 50, where.getAddress());
            sockets.add(udp);
            sockets.add(tcp);
            threads.execute(() -> serve(udp));
            threads.execute(() -> serve(tcp));
        }
    }

    long questions() {
        return questions.get();
    }

    private void serve(DatagramSocket udp) {
        byte[] buffer = new byte[LARGEST];
        while (!closed) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()), PAYLOAD);
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                report(e);
            }
        }
    }

    private void serve(ServerSocket tcp) {
        while (!closed) {
            try {
                Socket socket = tcp.accept();
                threads.execute(() -> converse(socket));
            } catch (IOException e) {
                report(e);
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), LARGEST);
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            }
        } catch (IOException e) {
            // The client has gone, as clients do.
        }
    }

    private void report(IOException e) {
        if (!closed) {
            System.err.println("name server: " + e);
        }
    }

    private byte[] answer(byte[] octets, int payload) throws IOException {
        questions.incrementAndGet();
        Message query = new Message(octets);
        Message response = new Message(query.getHeader().getID());
        Header header = response.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.AA);
        header.setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        if (query.getOPT() != null) {
            response.addRecord(new OPTRecord(PAYLOAD, Rcode.NOERROR, 0), Section.ADDITIONAL);
        }
        Record question = query.getQuestion();
        if (question == null) {
            header.setRcode(Rcode.FORMERR);
        } else {
            response.addRecord(question, Section.QUESTION);
            find(question.getName(), question.getType(), response);
        }
        return response.toWire(payload);
    }

    private void find(Name name, int type, Message response) {
        List<Record> all = records(name);
        all.stream().filter(r -> r.getType() == type).forEach(r -> response.addRecord(r, Section.ANSWER));
        boolean answered = !response.getSection(Section.ANSWER).isEmpty();
        if (!answered) {
            response.addRecord(soa(zone(name)), Section.AUTHORITY);
            response.getHeader().setRcode(all.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR);
        }
    }

    private boolean isZone(String text) {
        return text.isEmpty()
                || text.equals("test")
                || text.equals(World.ZONE)
                || text.equals("127.in-addr.arpa")
                || world.domainNumber(text).isPresent();
    }

    private Name zone(Name name) {
        Name zone = name;
        while (!isZone(text(zone))) {
            zone = new Name(zone, 1);
        }
        return zone;
    }

    private List<Record> records(Name name) {
        String text = text(name);
        List<Record> records = new ArrayList<>();
        if (isZone(text)) {
            records.add(soa(name));
            records.add(new NSRecord(name, DClass.IN, TTL, name("ns1." + World.ZONE)));
            records.add(new NSRecord(name, DClass.IN, TTL, name("ns2." + World.ZONE)));
        }
        world.domainNumber(text).ifPresent(domain -> {
            records.add(new MXRecord(name, DClass.IN, TTL, 10, name(world.exchanger(1, domain))));
            records.add(new MXRecord(name, DClass.IN, TTL, 20, name(world.exchanger(2, domain))));
            records.add(new TXTRecord(name, DClass.IN, TTL, "v=spf1 a:" + world.exchanger(1, domain) + " -all"));
        });
        if (text.startsWith("_dmarc.")) {
            records.add(new TXTRecord(name, DClass.IN, TTL, "v=DMARC1; p=reject"));
        }
        world.addressOf(text).ifPresent(address -> {
            records.add(address(name, address));
            records.add(new TXTRecord(name, DClass.IN, TTL, "v=spf1 a -all"));
        });
        world.hostOf(text).ifPresent(host -> records.add(new PTRRecord(name, DClass.IN, TTL, name(host))));
        if (text.equals("ns1." + World.ZONE) || text.equals("ns2." + World.ZONE)) {
            records.add(address(name, ADDRESSES.get(text.charAt(2) - '0')));
        }
        return records;
    }

    private static ARecord address(Name name, String address) {
        try {
            return new ARecord(name, DClass.IN, TTL, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SOARecord soa(Name zone) {
        return new SOARecord(
                zone,
                DClass.IN,
                TTL,
                name("ns1." + World.ZONE),
                name("hostmaster." + World.ZONE),
                1,
                3600,
                600,
                604_800,
                300);
    }

    private static String text(Name name) {
        String text = name.toString(true);
        return text.equals(".") || text.equals("@") ? "" : text.toLowerCase(Locale.ROOT);
    }

    private static Name name(String text) {
        return Name.fromConstantString(text + ".");
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (Closeable socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
