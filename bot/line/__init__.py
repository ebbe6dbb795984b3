"""The only room that knows LINE's wire format.

Inwards: `hear` turns a webhook's bytes into the values of `heard`. Outwards: `speak` turns
what the flow says into messages, `limits` says what LINE would refuse of them, and `client`
sends them. A button's press travels as text both ways: `postback`.

Signatures, storage and the order of things live elsewhere; so does every Japanese word.
"""
