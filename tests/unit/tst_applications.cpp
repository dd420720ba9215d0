// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/applicationlist.h"
#include "inspect/schema.h"
#include "sqlite/connection.h"
#include "sqlite/glance.h"
#include "support/dbbuilder.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace lk;
using inspect::ApplicationMatch;
using inspect::Confidence;

/// "Firefox · cookies", "? Django"; "" if nobody's.
static QString shown(const std::optional<ApplicationMatch> &match)
{
    if (!match)
        return {};
    return QString::fromStdString((match->confidence == Confidence::LooksLike ? "? " : "") +
                                  match->application->title());
}

static inspect::Schema schemaOf(const QStringList &tables)
{
    inspect::Schema schema;
    for (const QString &table : tables) {
        inspect::SchemaObject object;
        object.name = table.section(u'(', 0, 0).toStdString();
        object.sql = "CREATE TABLE " + table.toStdString();
        schema.objects.push_back(object);
    }
    return schema;
}

class TestApplications : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyEntryOfOursIsValid()
    {
        QVERIFY(!inspect::applications().empty()); // makes the resource known
        QFile file(QStringLiteral(":/litekeeper/applications.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray json = file.readAll();
        const auto list = inspect::parseApplications(json);
        QVERIFY2(list, list ? "" : list.error().c_str());
        QCOMPARE(list->applications.size(), inspect::applications().size());
        const auto entries = QJsonDocument::fromJson(json).object().value(QLatin1String("applications")).toArray();
        QVERIFY2(entries.size() >= 90, qPrintable(QString::number(entries.size())));
    }

    void everyEntryCanBeFound()
    {
        const inspect::ApplicationList &list = inspect::applicationList();
        for (std::size_t i = 0; i < list.applications.size(); ++i) {
            if (list.signs[i].tables.empty() || list.signs[i].commonTables)
                continue;
            QStringList tables;
            for (const inspect::TableSign &sign : list.signs[i].tables)
                tables.append(QString::fromStdString(sign.name + '(' + sign.word + ')'));
            const std::string below = list.signs[i].below.empty() ? "/" : list.signs[i].below.front();
            const auto match = inspect::recognise(below + "x", 0, 0, schemaOf(tables));
            QVERIFY2(match, list.applications[i].id.c_str());
        }
    }

    void aBrokenEntryIsNotTaken_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QString>("why");

        const auto row = [](const char *name, const char *entry, const char *why) {
            QTest::newRow(name) << QByteArray(entry) << QString::fromLatin1(why);
        };
        row("no id", R"({"name":"A","kind":"desktop","files":["a.db"]})", "no id");
        row("no name", R"({"id":"a","kind":"desktop","files":["a.db"]})", "no name");
        row("a kind that is none", R"({"id":"a","name":"A","kind":"dessert","files":["a.db"]})", "dessert");
        row("a note that is none", R"({"id":"a","name":"A","kind":"desktop","files":["a.db"],"notes":["x"]})", "'x'");
        row("a misspelt field", R"({"id":"a","name":"A","kind":"desktop","flies":["a.db"],"files":["b"]})", "flies");
        row("a framework that is none", R"({"id":"a","name":"A","kind":"desktop","files":["b"],"framework":"x"})",
            "'x'");
        row("a family that is none", R"({"id":"a","name":"A","kind":"desktop","files":["b"],"family":"x"})", "'x'");
        row("an id that is no number", R"({"id":"a","name":"A","kind":"desktop","applicationIds":["x"]})", "'x'");
        row("nothing to know it by", R"({"id":"a","name":"A","kind":"desktop"})", "nothing");
        row("a common name alone", R"({"id":"a","name":"A","kind":"desktop","files":["b"],"commonName":true})",
            "common");
        row("one common table", R"({"id":"a","name":"A","kind":"desktop","tables":["b"]})", "nothing");
        row("an extension without its note", R"({"id":"a","name":"A","kind":"desktop","files":["b"],"extension":"x"})",
            "extension");
        row("a text that is a number", R"({"id":1,"name":"A","kind":"desktop","files":["b"]})", "id");
        row("a list with a hole", R"({"id":"a","name":"A","kind":"desktop","files":["b",""]})", "files");
        row("a star at the end", R"({"id":"a","name":"A","kind":"desktop","files":["b.*"]})", "ending");
        row("no object", R"("a")", "object");
        row("no JSON", "{", "byte");
    }
    void aBrokenEntryIsNotTaken()
    {
        QFETCH(QByteArray, entry);
        QFETCH(QString, why);
        const auto list = inspect::parseApplications("{\"applications\": [" + entry + "]}");
        QVERIFY(!list);
        QVERIFY2(QString::fromStdString(list.error()).contains(why), list.error().c_str());
    }

    void twoEntriesCannotShareAnIdentity()
    {
        const QByteArray entry = R"({"id":"a","name":"A","kind":"desktop","files":["a.db"]})";
        QVERIFY(inspect::parseApplications("{\"applications\": [" + entry + "]}"));
        QVERIFY(!inspect::parseApplications("{\"applications\": [" + entry + "," + entry + "]}"));
    }

    void aScanKnowsByThePathAndTheHeader_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<quint32>("id");
        QTest::addColumn<quint32>("version");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *name, const char *path, quint32 id, quint32 version, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(path) << id << version << QString::fromUtf8(expected);
        };
        row("Firefox's profile", "/home/a/.mozilla/firefox/x.default/places.sqlite", 0, 75,
            "Firefox · history and bookmarks");
        row("a sandboxed Firefox", "/home/a/snap/firefox/common/.mozilla/firefox/x/cookies.sqlite", 0, 0,
            "Firefox · cookies");
        row("Thunderbird keeps the same files", "/home/a/.thunderbird/x.default/places.sqlite", 0, 75,
            "Thunderbird · history and bookmarks");
        row("a copy elsewhere looks like Firefox", "/tmp/places.sqlite", 0, 75, "? Firefox · history and bookmarks");
        row("Chrome's files have no ending", "/home/a/.config/google-chrome/Default/History", 0, 0, "Chrome · history");
        row("Brave is not Chrome", "/home/a/.config/BraveSoftware/Brave-Browser/Default/Login Data", 0, 0,
            "Brave · saved passwords");
        row("a file that is called History", "/home/a/essays/History", 0, 0, "");
        row("passwords look like a browser's anywhere", "/tmp/Login Data", 0, 0, "? Chromium family · saved passwords");
        row("an application id says it all", "/tmp/x", 0x47504b47, 10200, "GeoPackage · map data");
        row("so does the number of another version", "/tmp/x.db", 0x47503130, 0, "GeoPackage · map data");
        row("the application id wins over the name", "/tmp/metadata.db", 0x63616c69, 0, "calibre · library");
        row("a common name is not enough", "/tmp/metadata.db", 0, 0, "");
        row("Monotone's user version", "/tmp/x", 0, 0x5f4d544e, "Monotone · repository");
        row("an ending", "/home/a/pictures/2024.lrcat", 0, 0, "? Lightroom · catalogue");
        row("a number in the name", "/home/a/.kodi/userdata/Database/MyVideos121.db", 0, 0,
            "? Kodi · films and series");
        row("start and end must not overlap", "/tmp/MyVideos.d", 0, 0, "");
        row("VS Code's state", "/home/a/.config/Code/User/globalStorage/state.vscdb", 0, 0,
            "? Visual Studio Code · state");
        row("Cursor's state", "/home/a/.config/Cursor/User/globalStorage/state.vscdb", 0, 0, "Cursor · state");
        row("Django's usual name", "/srv/shop/db.sqlite3", 0, 0, "? Django");
        row("Vaultwarden's folder", "/srv/vaultwarden/data/db.sqlite3", 0, 0, "Vaultwarden · passwords");
        row("upper case is another name", "/srv/DB.SQLITE3", 0, 0, "");
        row("nobody's", "/srv/app/data.db", 0, 0, "");
        row("no name at all", "/", 0, 0, "");
    }
    void aScanKnowsByThePathAndTheHeader()
    {
        QFETCH(QString, path);
        QFETCH(quint32, id);
        QFETCH(quint32, version);
        QTEST(shown(inspect::recognise(path.toStdString(), id, version)), "expected");
    }

    void tablesDecide_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QStringList>("tables");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *name, const char *path, const char *tables, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(path) << QString::fromUtf8(tables).split(u'|')
                                << QString::fromUtf8(expected);
        };
        row("name and tables", "/tmp/places.sqlite", "moz_places|moz_bookmarks", "Firefox · history and bookmarks");
        row("tables alone", "/tmp/backup.db", "moz_places|moz_bookmarks", "? Firefox · history and bookmarks");
        row("half of the tables is none", "/tmp/backup.db", "moz_places|other", "");
        row("a famous name with other tables", "/tmp/places.sqlite", "towns|rivers", "");
        row("in the right folder it still looks like it", "/home/a/.mozilla/firefox/x/places.sqlite", "moz_new",
            "? Firefox · history and bookmarks");
        row("Django", "/srv/db.sqlite3", "django_migrations|django_content_type", "Django");
        row("Vaultwarden has Django's file name", "/srv/db.sqlite3",
            "ciphers|folders|users|twofactor|__diesel_schema_migrations", "Vaultwarden · passwords");
        row("Django in a folder called vaultwarden", "/srv/vaultwarden/db.sqlite3",
            "django_migrations|django_content_type", "Django");
        row("an application made with Django", "/srv/db.sqlite3",
            "django_migrations|django_content_type|documents_document|documents_tag", "Paperless-ngx · documents");
        row("a file name of Django's and nothing of it", "/srv/db.sqlite3", "a|b|c", "");
        row("VS Code and WebKit share a table", "/x/state.vscdb", "ItemTable(key,value)", "Visual Studio Code · state");
        row("WebKit's has another statement", "/x/https_a_0.localstorage", "ItemTable(v ON CONFLICT FAIL)",
            "WebKit · local storage");
        row("WebKit's ending with VS Code's statement", "/x/https_a_0.localstorage", "ItemTable(key,value)", "");
        row("one table that others have too", "/x/some.db", "ItemTable", "");
        row("a history file elsewhere", "/tmp/History", "urls|visits|keyword_search_terms|meta",
            "Chromium family · history");
        row("Rails", "/srv/production.sqlite3", "schema_migrations|ar_internal_metadata", "? Rails");
        row("golang-migrate has a table of that name", "/srv/x.db", "schema_migrations(dirty)", "? golang-migrate");
        row("Ecto has, too", "/srv/x.db", "schema_migrations(inserted_at)", "? Ecto");
        row("a table of that name alone", "/srv/x.db", "schema_migrations(version)", "");
        row("Alembic", "/srv/x.db", "alembic_version|orders", "? SQLAlchemy · with Alembic");
        row("Sonarr is made with FluentMigrator", "/tmp/x.db", "Series|Episodes|VersionInfo", "? Sonarr · series");
        row("nobody's", "/tmp/x.db", "a|b", "");
    }
    void tablesDecide()
    {
        QFETCH(QString, path);
        QFETCH(QStringList, tables);
        QTEST(shown(inspect::recognise(path.toStdString(), 0, 0, schemaOf(tables))), "expected");
    }

    void viewsAndIndexesAreNoTables()
    {
        inspect::Schema schema = schemaOf({QStringLiteral("moz_places"), QStringLiteral("moz_bookmarks")});
        for (inspect::SchemaObject &object : schema.objects)
            object.type = inspect::ObjectType::View;
        QCOMPARE(shown(inspect::recognise("/tmp/x.db", 0, 0, schema)), QString());
    }

    void realFilesAreRecognised_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *file, const char *expected) {
            QTest::newRow(file) << QString::fromUtf8(file) << QString::fromUtf8(expected);
        };
        row("android-webview/webview.db", "Android · web view");
        row("anki-512/diffmodels1.anki", "Anki · deck of version 1");
        row("calibre-metadata/metadata.db", "calibre · library");
        row("chrome-webdata/Web Data", "Chromium family · autofill");
        row("firefox10-cookies/firefox_10_cookies.sqlite", "");
        row("fspot-utf16le/f-spot-0.6.1.5.db", "? F-Spot · photo library");
        row("gpkg-10200/attributes.gpkg", "GeoPackage · map data");
        row("gpkg-gp10-nohdr/gdal_sample.gpkg", "GeoPackage · map data");
        row("macos-knowledgec/knowledgec-10.14.db", "? Apple Screen Time · usage");
        row("mbgl-v4-wal-shm/v4.db", "? MapLibre · offline tiles");
        row("mbtiles-64k/geocoder_data.mbtiles", "MBTiles · map tiles, shared");
        row("mbtiles-appid/protomaps538lakemerge.mbtiles", "MBTiles · map tiles");
        row("rpmdb-wal-shm/rpmdb.sqlite", "rpm · installed packages");
        row("chinook/Chinook_Sqlite.sqlite", "");
        row("plaso-wal-pair/wal_database.db", "");
        row("odd-writer-version/data.db", "");
        row("sqlite-8192/fuzzdata6.db", "");
        row("apple-reserved-rtree/rtree.db", "");
    }
    void realFilesAreRecognised()
    {
        QFETCH(QString, file);
        LK_NEEDS_SHARED(corpus, "corpus/real");
        const test::TempTree tree;
        const Path path = tree.folder("real") / Path(file.toStdString()).filename();
        test::copyWithSiblings(corpus / file.toStdString(), path);
        const auto glance = sqlite::glance(path);
        QVERIFY(glance && glance->current);
        auto connection = sqlite::Connection::open(path);
        QVERIFY(connection);
        auto statement = connection->prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
        QVERIFY(statement);
        inspect::Schema schema;
        while (statement->step().value_or(false)) {
            inspect::SchemaObject object;
            object.name = statement->text(0);
            object.sql = statement->text(1);
            schema.objects.push_back(object);
        }
        const sqlite::Header &header = *glance->current;
        QTEST(shown(inspect::recognise(path, header.applicationId, header.userVersion, schema)), "expected");
    }

    /// A scan asks for every database that it finds. Measured: 8 µs in a debug build.
    void askingTakesMicroseconds()
    {
        const Path paths[] = {"/home/a/.config/google-chrome/Default/Cookies", "/srv/app/var/data/orders.db",
                              "/home/a/.mozilla/firefox/x.default/places.sqlite", "/var/lib/x/MyVideos121.db"};
        QElapsedTimer timer;
        timer.start();
        constexpr int Rounds = 5000;
        for (int i = 0; i < Rounds; ++i) {
            for (const Path &path : paths)
                (void)inspect::recognise(path, 0, 0);
        }
        const double microseconds = double(timer.nsecsElapsed()) / 1000 / (Rounds * std::size(paths));
        qInfo("%.2f µs for each", microseconds);
        QVERIFY(microseconds < 100);
    }
};

QTEST_GUILESS_MAIN(TestApplications)
#include "tst_applications.moc"
