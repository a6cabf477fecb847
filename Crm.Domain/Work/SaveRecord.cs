// Making, changing and deleting a record of any resource: read the body, check it, check what it refers to, add the change.

using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public static class SaveRecord
{
    /// <summary>What a caller's POST does: the resource's own way of making a record, or the ordinary one.</summary>
    public static async ValueTask<ActionResult> Make(UnitOfWork work, CatalogEntry entry, JsonElement body, CancellationToken cancel) =>
        entry.Create is not null
            ? await entry.Create(work, body, cancel)
            : new(await Create(work, entry, body, cancel)) { ShownOnce = work.ShownOnce };

    /// <summary>The record that a caller named by its id, or the problem that there is none.</summary>
    public static async ValueTask<Resource> Target(UnitOfWork work, CatalogEntry entry, string? id, CancellationToken cancel) =>
        Id.TryParse(id, entry.Type.Prefix, out var parsed) && await work.FindShown(entry.Type, parsed, cancel) is { } record
            ? record
            : throw ProblemException.NotFound(entry.Type.Name);

    /// <param name="complete">What the caller did not write: set after what he wrote was checked, so it may refer to a record of this very
    /// commit.</param>
    public static async ValueTask<Resource> Create(
        UnitOfWork work,
        CatalogEntry entry,
        JsonElement body,
        CancellationToken cancel,
        Func<Resource, Resource>? complete = null
    )
    {
        var errors = new FieldErrors();
        var rights = work.RightsTo(entry.Type);
        Must(rights.MayCreate, entry, "create");
        MustBeObject(body);
        var record = entry.Type.ReadNew(body, work.Settings.For(entry.Type), errors);
        CheckWritten(entry.Type, rights, body, null, record, errors);
        CheckStates(entry.Type, null, record);
        record = await Prepared(work, entry, null, record, errors, cancel, complete);
        return work.Insert(record);
    }

    /// <summary>Applies a merge patch. A patch that changes nothing stores nothing and keeps the version.</summary>
    public static async ValueTask<Resource> Update(
        UnitOfWork work,
        CatalogEntry entry,
        Resource current,
        JsonElement patch,
        CancellationToken cancel
    )
    {
        var errors = new FieldErrors();
        var rights = work.RightsTo(entry.Type);
        Must(!rights.Writes.IsEmpty, entry, "change");
        MustBeObject(patch);
        // Who sends back what he was answered changes nothing by it.
        var answered = entry.Served(work.Settings, work.Origin, current);
        var record = entry.Type.ReadPatch(patch, answered, work.Settings.For(entry.Type), errors);
        CheckWritten(entry.Type, rights, patch, answered, record, errors);
        CheckStates(entry.Type, current, record);
        record = await Prepared(work, entry, current, record, errors, cancel);
        return entry.Type.ToJson(record).AsSpan().SequenceEqual(entry.Type.ToJson(current)) ? current : work.Replace(current, record);
    }

    public static async ValueTask Delete(UnitOfWork work, CatalogEntry entry, Resource current, CancellationToken cancel)
    {
        Must(work.RightsTo(entry.Type).MayDelete, entry, "delete");
        if (entry.BeforeDelete is not null)
            await entry.BeforeDelete(work, current, cancel);
        var id = entry.Type.Text(current.Id);
        foreach (var other in work.Installation.Catalog.Entries)
        foreach (var (path, field) in other.Type.References.Where(reference => reference.Field.Refers == entry.Type.Clr))
        {
            var refers = new Filter.Compare(path, Comparison.Eq, Key.Of(id));
            if (field.OnDelete == OnDelete.Delete)
                await DeleteAll(work, other.Type, refers, cancel);
            else if (field.OnDelete != OnDelete.Keep && await work.Store.Count(other.Type.Collection, refers, 1, cancel) > 0)
                throw new ProblemException(ProblemCodes.InUse, $"There are {other.Type.Plural} whose {path} is this {entry.Type.Name}.");
        }
        work.Delete(current);
    }

    /// <summary>What belongs to a record is deleted with it, without an event of its own.</summary>
    static async ValueTask DeleteAll(UnitOfWork work, ResourceType type, Filter which, CancellationToken cancel)
    {
        await foreach (var page in work.Store.Pages(new(type.Collection, which, [], false, null, 500), cancel))
            for (var i = 0; i < page.Count; i++)
                work.Delete(type.FromRow(page[i]), null);
    }

    /// <summary>What running a verb needs of whoever asks: the right to it, and that the records its input names are there for
    /// him.</summary>
    public static async ValueTask MayAct(
        UnitOfWork work,
        CatalogEntry entry,
        ResourceAction action,
        object? input,
        CancellationToken cancel
    )
    {
        Must(work.RightsTo(entry.Type).MayAct, entry, action.Name);
        var errors = new FieldErrors();
        if (input is not null && work.CallerRights is not null)
            await CheckShown(work, ObjectType.Of(action.Input!), input, "", errors, cancel);
        if (errors.Any)
            throw ProblemException.Invalid(errors);
    }

    /// <summary>Of the ids in a verb's input only those of records that are there and not shown: what is not there the verb refuses
    /// itself.</summary>
    static async ValueTask CheckShown(
        UnitOfWork work,
        ObjectType type,
        object value,
        string path,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        foreach (var field in type.Fields)
        {
            if (field.Get(value) is not { } inner)
                continue;
            if (field.Kind is ObjectValue one)
                await CheckShown(work, one.Type, inner, path + field.Name + ".", errors, cancel);
            else if (field.Kind is ListValue { Item: ObjectValue each })
                foreach (var (i, entry) in ((System.Collections.IEnumerable)inner).Cast<object>().Index())
                    await CheckShown(work, each.Type, entry, $"{path}{field.Name}.{i}.", errors, cancel);
            else if (
                field.Refers is { } refers
                && ResourceType.Of(refers) is var other
                && work.RightsTo(other) is { Rows: not null } rights
            )
                foreach (var id in inner is Id single ? [single] : (IEnumerable<Id>)inner)
                    if (await work.Store.Get(other.Collection, id, cancel) is { } row && !rights.Shows(other, row))
                        errors.Add(path + field.Name, "not_found", $"There is no {other.Name} with this id.");
        }
    }

    static void Must(bool may, CatalogEntry entry, string verb)
    {
        if (!may)
            throw new ProblemException(ProblemCodes.InsufficientScope, $"The key may not {verb} {entry.Type.Plural}.");
    }

    /// <summary>
    /// Refuses by name what may not be written. Sending back what was read changes nothing and is allowed; for a field that may not be read
    /// it is not, or whoever writes could find out its value by trying.
    /// </summary>
    static void CheckWritten(ResourceType type, Rights rights, JsonElement body, Resource? before, Resource after, FieldErrors errors)
    {
        if (rights.Writes.IsAll)
            return;
        foreach (var member in body.EnumerateObject())
            if (member.Name == "custom" && type.TakesCustomFields)
            {
                if (member.Value.ValueKind == JsonValueKind.Object)
                    foreach (var own in member.Value.EnumerateObject())
                        Check(
                            "custom." + own.Name,
                            "custom." + own.Name,
                            Equals(before?.Custom.GetValueOrDefault(own.Name), after.Custom.GetValueOrDefault(own.Name))
                        );
                else
                    Check("custom", "custom", false); // null empties all of them
            }
            else if (type.Field(member.Name) is { } field)
                Check(
                    field.Name,
                    field.Name,
                    !field.IsWritable || before is not null && RecordChange.ValuesEqual(field.Get(before), field.Get(after))
                );
            else if (after.ShortForms.FirstOrDefault(form => form.Name == member.Name) is { } form)
                foreach (var written in form.Fields)
                    Check(form.Name, written, false);

        void Check(string name, string field, bool unchanged)
        {
            if (!rights.Writes.Contains(field) && !(unchanged && rights.Reads.Contains(field)))
                errors.Add(name, "not_allowed", "The key may not write this field.");
        }
    }

    /// <summary>A state has an owner: what a verb does cannot be written as a word.</summary>
    static void CheckStates(ResourceType type, Resource? before, Resource after)
    {
        if (type.States?.Refusal(before, after) is { } refusal)
            throw new ProblemException(
                refusal.Verb is null ? ProblemCodes.WrongState : ProblemCodes.UseVerb,
                $"{type.States.Field}: {refusal.Message}",
                [new(type.States.Field, refusal.Verb is null ? ProblemCodes.WrongState.Code : ProblemCodes.UseVerb.Code, refusal.Message)]
            )
            {
                Verb = refusal.Verb,
            };
    }

    static void MustBeObject(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");
    }

    static async ValueTask<Resource> Prepared(
        UnitOfWork work,
        CatalogEntry entry,
        Resource? before,
        Resource after,
        FieldErrors errors,
        CancellationToken cancel,
        Func<Resource, Resource>? complete = null
    )
    {
        if (!errors.Any)
            await CheckReferences(work, entry.Type, before, after, "", errors, cancel);
        if (complete is not null)
            after = complete(after);
        if (!errors.Any && entry.Prepare is not null)
            after = await entry.Prepare(work, before, after, errors, cancel);
        if (errors.Any)
            throw ProblemException.Invalid(errors);
        return after;
    }

    /// <summary>Every id that a caller wrote must be one of this workspace.</summary>
    static async ValueTask CheckReferences(
        UnitOfWork work,
        ObjectType type,
        object? before,
        object after,
        string path,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        foreach (var field in type.Fields)
        {
            if (field.IsReadOnly || field.Get(after) is not { } value)
                continue;
            if (field.Kind is ObjectValue inner)
                await CheckReferences(
                    work,
                    inner.Type,
                    before is null ? null : field.Get(before),
                    value,
                    path + field.Name + ".",
                    errors,
                    cancel
                );
            else if (field.Kind is ListValue { Item: ObjectValue each })
            {
                var old = before is null ? [] : ((System.Collections.IEnumerable)field.Get(before)!).Cast<object>().ToList();
                var i = 0;
                foreach (var entry in (System.Collections.IEnumerable)value)
                {
                    await CheckReferences(
                        work,
                        each.Type,
                        i < old.Count ? old[i] : null,
                        entry,
                        $"{path}{field.Name}.{i}.",
                        errors,
                        cancel
                    );
                    i++;
                }
            }
            else if (field.Refers is { } refers && !RecordChange.ValuesEqual(before is null ? null : field.Get(before), value))
                foreach (var id in value is Id one ? [one] : (IEnumerable<Id>)value)
                    if (await work.FindShown(ResourceType.Of(refers), id, cancel) is null)
                        errors.Add(path + field.Name, "not_found", $"There is no {ResourceType.Of(refers).Name} with this id.");
        }
    }
}
