// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/mounts.h"

#include <QRegularExpression>
#include <QTest>

#include <sys/stat.h>
#include <sys/sysmacros.h>

using namespace lk;
using namespace lk::platform;

static const char Sample[] =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n"
    "30 27 0:27 / /home/a\\040b\\134c\\012d rw,nosuid master:2 propagate_from:1 - tmpfs no\\040name rw,size=4k\n"
    "31 27 0:40 / /home rw - nfs4 server:/export rw,vers=4.2\n"
    "32 27 8:1 / /usr ro,nodev - ext4 /dev/sda1 rw\n"
    "33 27 8:2 / /opt rw,noatime - squashfs /dev/loop0 ro,errors=continue\n"
    "34 27 0:50 / /mnt rw - fuse.sshfs me@host: rw,user_id=0\n"
    "35 27 0:51 / /mnt rw - vfat /dev/sdb1 rw,robust\n";

class TestMounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aLineHasItsFields()
    {
        const Mounts mounts = Mounts::parse(Sample);
        QCOMPARE(mounts.all().size(), std::size_t(8));
        const Mount &root = mounts.all()[1];
        QCOMPARE(root.id, std::uint64_t(27));
        QCOMPARE(root.device, std::uint64_t(makedev(254, 0)));
        QCOMPARE(root.point, Path("/"));
        QCOMPARE(root.type, std::string("ext4"));
        QCOMPARE(root.source, std::string("/dev/vda"));
        QVERIFY(!root.readOnly);
    }

    void octalEscapesAreUndone()
    {
        const Mounts mounts = Mounts::parse(Sample);
        QCOMPARE(mounts.all()[2].point, Path("/home/a b\\c\nd"));
        QCOMPARE(mounts.all()[2].source, std::string("no name"));
    }

    void readOnlyByMountOrByFileSystem()
    {
        const Mounts mounts = Mounts::parse(Sample);
        QVERIFY(mounts.at("/usr")->readOnly);
        QVERIFY(mounts.at("/opt")->readOnly);
        QVERIFY(!mounts.at("/mnt")->readOnly); // "robust" is another word
    }

    void whatAPathLiesOn_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("point");
        QTest::newRow("the root") << QByteArray("/") << QByteArray("/");
        QTest::newRow("a folder of the root's") << QByteArray("/etc/x.db") << QByteArray("/");
        QTest::newRow("the mount point itself") << QByteArray("/home") << QByteArray("/home");
        QTest::newRow("below it") << QByteArray("/home/me/x.db") << QByteArray("/home");
        QTest::newRow("a name that only begins alike") << QByteArray("/homes/x.db") << QByteArray("/");
        QTest::newRow("the longest point wins, not the last line")
            << QByteArray("/home/a b\\c\nd/x") << QByteArray("/home/a b\\c\nd");
    }

    void whatAPathLiesOn()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, point);
        const Mounts mounts = Mounts::parse(Sample);
        const Mount *mount = mounts.of(Path(path.toStdString()));
        QVERIFY(mount);
        QCOMPARE(QByteArray::fromStdString(mount->point.native()), point);
    }

    void ofTwoMountsOnOnePointTheLaterLiesOnTop()
    {
        const Mounts mounts = Mounts::parse(Sample);
        QCOMPARE(mounts.at("/mnt")->type, std::string("vfat"));
        QCOMPARE(mounts.of("/mnt/x")->type, std::string("vfat"));
        QCOMPARE(mounts.at("/mnt/x"), nullptr);
    }

    void linesThatAreNotOnesAreLeftOut()
    {
        QCOMPARE(Mounts::parse("").all().size(), std::size_t(0));
        QCOMPARE(
            Mounts::parse("\n\nnonsense\n1 2 3\n1 2 x:y / /a rw - ext4 a rw\n1 2 0:1 / /a rw ext4 a rw").all().size(),
            std::size_t(0));
        QCOMPARE(Mounts().of("/"), nullptr);
        // Without optional fields, without an end of line.
        QCOMPARE(Mounts::parse("1 2 0:1 / /a rw - ext4 a rw").all().size(), std::size_t(1));
    }

    void kinds_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *type, FilesystemKind kind) {
            QTest::newRow(type) << QByteArray(type) << int(kind);
        };
        for (const char *type : {"ext4", "xfs", "btrfs", "f2fs", "zfs", "iso9660", "squashfs", "ntfs3"})
            row(type, FilesystemKind::Local);
        for (const char *type : {"nfs",
                                 "nfs4",
                                 "cifs",
                                 "smb3",
                                 "9p",
                                 "fuse.sshfs",
                                 "fuse.rclone",
                                 "fuse.gvfsd-fuse",
                                 "fuse.never-heard-of",
                                 "virtiofs",
                                 "vboxsf",
                                 "ceph",
                                 "lustre",
                                 "gfs2",
                                 "ocfs2",
                                 "afs",
                                 "coda",
                                 "fuse.glusterfs",
                                 "autofs",
                                 "fuse.vmhgfs-fuse"})
            row(type, FilesystemKind::Network);
        for (const char *type : {"proc", "sysfs", "devtmpfs", "devpts", "cgroup2", "mqueue", "fusectl"})
            row(type, FilesystemKind::Pseudo);
        for (const char *type :
             {"fuse.ntfs-3g", "fuse.mergerfs", "fuse.bindfs", "fuse.gocryptfs", "fuse.encfs", "fuseblk"})
            row(type, FilesystemKind::Fuse);
        row("overlay", FilesystemKind::Overlay);
        row("tmpfs", FilesystemKind::Memory);
        row("vfat", FilesystemKind::Removable);
        row("exfat", FilesystemKind::Removable);
        row("", FilesystemKind::Unknown);
        row("zzz", FilesystemKind::Unknown);
        row("ext", FilesystemKind::Unknown);
    }

    void kinds()
    {
        QFETCH(QByteArray, type);
        QFETCH(int, kind);
        QCOMPARE(int(filesystemKind(type.toStdString())), kind);
    }

    void theMountsOfThisMachineAgreeWithStat()
    {
        const Mounts mounts = Mounts::current();
        QVERIFY(!mounts.all().empty());
        const Mount *root = mounts.at("/");
        QVERIFY(root);
        struct stat stat
        {
        };
        QCOMPARE(::stat("/", &stat), 0);
        if (root->type != "btrfs") // its subvolumes have devices of their own
            QCOMPARE(root->device, std::uint64_t(stat.st_dev));
        const Mount *proc = mounts.of("/proc/self/mountinfo");
        QVERIFY(proc);
        QCOMPARE(proc->kind(), FilesystemKind::Pseudo);
    }
};

QTEST_GUILESS_MAIN(TestMounts)
#include "tst_mounts.moc"
