// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/datatab.h"

#include "ui_datatab.h"

#include "models/display.h"
#include "window/roomydelegate.h"
#include "window/sqlhighlighter.h"
#include "window/theme.h"
#include "words/describe.h"

#include <QDesktopServices>
#include <QFontDatabase>
#include <QProcess>
#include <QStandardPaths>
#include <QUrl>

namespace lk::window {

using inspect::ObjectType;
using inspect::RowsPage;
using inspect::RowsRequest;
using inspect::SchemaObject;
using models::SchemaModel;

/// Of the value of one cell, below the rows; in lines.
static constexpr int ValueLines = 4;

DataTab::DataTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::DataTab>())
    , m_browser(QStandardPaths::findExecutable(QStringLiteral("sqlitebrowser")))
{
    m_ui->setupUi(this);
    setUpObjects();
    setUpRows();
    setUpOpening();
    m_ui->splitter->setStretchFactor(0, 2);
    m_ui->splitter->setStretchFactor(1, 3);
    clear();
}

DataTab::~DataTab() = default;

void DataTab::setUpObjects()
{
    QTreeView *objects = m_ui->objects;
    objects->setModel(&m_objects);
    objects->setItemDelegate(new RoomyDelegate(objects));
    objects->header()->resizeSection(SchemaModel::NameColumn, fontMetrics().averageCharWidth() * 30);
    connect(objects->selectionModel(), &QItemSelectionModel::currentChanged, this, &DataTab::showObject);
    m_ui->sql->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    new SqlHighlighter(m_ui->sql);
}

void DataTab::setUpRows()
{
    QTableView *rows = m_ui->rows;
    rows->setModel(&m_rows);
    rows->verticalHeader()->hide();
    rows->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    rows->horizontalHeader()->setHighlightSections(false);
    rows->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    rows->horizontalHeader()->setMaximumSectionSize(fontMetrics().averageCharWidth() * 40);
    m_ui->value->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_ui->value->setFixedHeight(fontMetrics().lineSpacing() * ValueLines + 2 * m_ui->value->frameWidth() + 8);
    connect(rows->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { m_ui->value->setPlainText(m_rows.value(index)); });
    connect(m_ui->details, &QTabWidget::currentChanged, this, &DataTab::showObject);
    connect(m_ui->nextButton, &QPushButton::clicked, this,
            [this] { readRows({.table = m_wanted, .from = m_rows.page().lastKey, .backwards = false}); });
    connect(m_ui->previousButton, &QPushButton::clicked, this,
            [this] { readRows({.table = m_wanted, .from = m_rows.page().firstKey, .backwards = true}); });
}

void DataTab::setUpOpening()
{
    m_ui->folderButton->setIcon(theme::icon("folder"));
    m_ui->browserButton->setIcon(theme::icon("go"));
    connect(m_ui->folderButton, &QPushButton::clicked, this, &DataTab::openFolder);
    connect(m_ui->browserButton, &QPushButton::clicked, this, &DataTab::openInBrowser);
}

void DataTab::clear()
{
    m_wanted.clear();
    m_objects.clear();
    showObject();
    m_ui->folderButton->setEnabled(false);
    m_ui->browserButton->hide();
}

void DataTab::showFacts()
{
    const std::string wanted = m_wanted;
    m_objects.setSchema(facts().structure.value_or(inspect::Schema()));
    int row = 0;
    for (int i = 0; i < m_objects.rowCount(); ++i) {
        if (m_objects.object(m_objects.index(i, 0))->name == wanted)
            row = i;
    }
    m_ui->objects->setCurrentIndex(m_objects.index(row, 0));
    showObject();
    m_ui->folderButton->setEnabled(true);
    // Its command line takes text; a name that is none could mean another file.
    m_ui->browserButton->setVisible(!m_browser.isEmpty() && path::isUtf8(facts().path.native()));
}

/// Why an object's rows can't be shown; empty if they can.
static QString whyNoRows(const SchemaObject *object)
{
    if (!object)
        return DataTab::tr("There is nothing in the database, or it could not be read.");
    if (object->type == ObjectType::View)
        return DataTab::tr("Views are never evaluated: that would run what the file says.");
    if (object->type != ObjectType::Table)
        return DataTab::tr("Choose a table to see its rows.");
    if (!object->module.empty())
        return DataTab::tr("Virtual tables are never read: that would run what the file says.");
    return {};
}

void DataTab::showObject()
{
    const SchemaObject *object = m_objects.object(m_ui->objects->currentIndex());
    stop(std::exchange(m_reading, 0));
    m_rows.clear();
    m_ui->value->clear();
    m_ui->previousButton->setEnabled(false);
    m_ui->nextButton->setEnabled(false);
    m_wanted = object ? object->name : std::string();
    m_ui->sql->setPlainText(object ? models::displayLines(object->sql) : QString());
    const QString why = whyNoRows(object);
    m_ui->rowsText->setText(why);
    m_ui->rowsText->setVisible(!why.isEmpty());
    m_ui->rows->setVisible(why.isEmpty());
    m_ui->value->setVisible(why.isEmpty());
    if (why.isEmpty() && m_ui->details->currentWidget() == m_ui->rowsPage)
        readRows({.table = m_wanted, .from = {}});
}

void DataTab::readRows(RowsRequest request)
{
    stop(m_reading);
    m_reading = ask<Result<RowsPage>>(
        [path = facts().path, request = std::move(request)](const std::stop_token &stop, Progress &) {
            return inspect::readRows(path, request, stop);
        },
        [this](const Result<RowsPage> &page) { showRows(page); });
}

void DataTab::showRows(const Result<RowsPage> &page)
{
    m_reading = 0;
    m_ui->value->clear();
    m_rows.setPage(page ? *page : RowsPage());
    m_ui->rows->resizeColumnsToContents();
    QString text;
    if (!page)
        text = words::describe(page.error());
    else if (page->outOfTime)
        text = tr("Reading took too long: this is what came in two seconds.");
    else if (page->rows.empty())
        text = tr("The table has no rows.");
    m_ui->rowsText->setText(text);
    m_ui->rowsText->setVisible(!text.isEmpty());
    m_ui->previousButton->setEnabled(page && page->moreBefore);
    m_ui->nextButton->setEnabled(page && page->moreBehind);
}

/// Its bytes, whatever they are: a QString would only be for people.
void DataTab::openFolder() const
{
    const std::string folder = facts().path.parent_path().native();
    const QByteArray encoded = QByteArray(folder.data(), static_cast<qsizetype>(folder.size())).toPercentEncoding("/");
    QDesktopServices::openUrl(QUrl::fromEncoded("file://" + encoded));
}

void DataTab::openInBrowser() const
{
    QProcess::startDetached(m_browser, {QString::fromStdString(facts().path.native())});
}

}
