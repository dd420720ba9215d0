// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/filepicker.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileDialog>
#include <QInputDialog>

namespace lk::window {

static Path toPath(const QString &text)
{
    return Path(QFile::encodeName(text).toStdString());
}

static void show(QFileDialog *dialog, std::function<void(const std::vector<Path> &)> take)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::accepted, dialog, [dialog, take = std::move(take)] {
        std::vector<Path> paths;
        for (const QString &file : dialog->selectedFiles())
            paths.push_back(toPath(file));
        if (!paths.empty())
            take(paths);
    });
    dialog->open();
}

void pickFolder(QWidget *parent, const QString &title, const Path &start, std::function<void(const Path &)> take)
{
    auto *dialog = new QFileDialog(parent, title, QFile::decodeName(start.c_str()));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    show(dialog, [take = std::move(take)](const std::vector<Path> &paths) { take(paths.front()); });
}

void typeFolder(QWidget *parent, const QString &title, const Path &start, std::function<void(const Path &)> take)
{
    auto *dialog = new QInputDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setLabelText(QCoreApplication::translate("FilePicker", "A folder on the machine that the database is on:"));
    dialog->setTextValue(QFile::decodeName(start.c_str()));
    QObject::connect(dialog, &QInputDialog::textValueSelected, dialog, [take = std::move(take)](const QString &text) {
        if (!text.isEmpty())
            take(toPath(text));
    });
    dialog->open();
}

void pickFiles(QWidget *parent, const QString &title, std::function<void(const std::vector<Path> &)> take)
{
    auto *dialog = new QFileDialog(parent, title);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    show(dialog, std::move(take));
}

void pickNewFile(QWidget *parent, const QString &title, const QString &name, const QString &filter,
                 std::function<void(const Path &)> take)
{
    auto *dialog = new QFileDialog(parent, title, {}, filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(name);
    show(dialog, [take = std::move(take)](const std::vector<Path> &paths) { take(paths.front()); });
}

}
