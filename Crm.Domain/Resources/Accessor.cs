// How a property of a record is reached without reflection for each record.

using System.Reflection;

namespace Crm.Domain.Resources;

/// <summary>Reads and writes one property by delegates that were made once: no reflection per record.</summary>
abstract class Accessor
{
    public abstract object? Get(object owner);
    public abstract void Set(object owner, object? value);

    public static Accessor For(PropertyInfo property)
    {
        // A property inherited from the base record is reached through the type that declares it.
        var owner = property.DeclaringType!;
        var plain = Nullable.GetUnderlyingType(property.PropertyType);
        return (Accessor)
            Activator.CreateInstance(
                plain is not null
                    ? typeof(OfNullable<,>).MakeGenericType(owner, plain)
                    : typeof(Of<,>).MakeGenericType(owner, property.PropertyType),
                property
            )!;
    }

    sealed class Of<TOwner, TValue>(PropertyInfo property) : Accessor
    {
        readonly Func<TOwner, TValue> get = property.GetMethod!.CreateDelegate<Func<TOwner, TValue>>();
        readonly Action<TOwner, TValue>? set = property.SetMethod?.CreateDelegate<Action<TOwner, TValue>>();

        public override object? Get(object owner) => get((TOwner)owner);

        public override void Set(object owner, object? value) => set!((TOwner)owner, value is null ? default! : (TValue)value);
    }

    sealed class OfNullable<TOwner, TValue>(PropertyInfo property) : Accessor
        where TValue : struct
    {
        readonly Func<TOwner, TValue?> get = property.GetMethod!.CreateDelegate<Func<TOwner, TValue?>>();
        readonly Action<TOwner, TValue?>? set = property.SetMethod?.CreateDelegate<Action<TOwner, TValue?>>();

        public override object? Get(object owner) => get((TOwner)owner) is { } value ? value : null;

        public override void Set(object owner, object? value) => set!((TOwner)owner, value is null ? null : (TValue)value);
    }
}
